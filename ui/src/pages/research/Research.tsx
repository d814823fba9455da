/** Research: proposals of parameters that wait for a person, runs and their results, tapes of the store, statistics. */

import { items } from "@/api/http";
import type { Proposal, RunRow, TapeRow } from "@/api/research";
import { navigate, useRoute } from "@/app/router";
import { Page } from "@/components/Page";
import { Tabs } from "@/components/Tabs";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { Proposals } from "./Proposals";
import { ProposalView } from "./ProposalView";
import { Runs } from "./Runs";
import { RunView } from "./RunView";
import { Statistics } from "./Statistics";
import { Tapes } from "./Tapes";

const TABS = ["proposals", "runs", "tapes", "statistics"] as const;
type TabId = (typeof TABS)[number];

export default function Research() {
  const { t } = useText();
  const { rest } = useRoute();
  const tab: TabId = TABS.find((name) => name === rest[0]) ?? "proposals";
  const proposals = useData<unknown>({ path: "/api/hft/parameters/proposals", every: 3_000 });
  const runs = useData<unknown>({ path: "/api/hft/research/runs", every: 2_000 });
  const tapes = useData<unknown>({ path: "/api/hft/research/tapes", every: 30_000 });
  const waiting = items<Proposal>(proposals.value).filter((each) => each.status === "proposed").length;
  const working = items<RunRow>(runs.value).filter((each) => ["queued", "running"].includes(each.state));
  const sentence = `${t("research.waiting", { count: waiting })} ${t("research.working", { count: working.length })}`;
  return (
    <Page
      title={t("page.research")}
      sentence={proposals.value === undefined ? undefined : sentence}
      actions={
        <Tabs
          label={t("page.research")}
          active={tab}
          onSelect={(id) => navigate(`/research/${id}`)}
          tabs={TABS.map((id) => ({
            id,
            title: t(`research.${id}`),
            count: id === "proposals" ? waiting : undefined,
          }))}
        />
      }
    >
      {tab === "proposals" &&
        (rest[1] ? <ProposalView key={rest[1]} id={rest[1]} /> : <Proposals data={proposals} />)}
      {tab === "runs" &&
        (rest[1] ? (
          <RunView key={rest[1]} id={rest[1]} />
        ) : (
          <Runs data={runs} tapes={items<TapeRow>(tapes.value)} />
        ))}
      {tab === "tapes" && <Tapes data={tapes} />}
      {tab === "statistics" && <Statistics />}
    </Page>
  );
}
