/** Proposals, the newest first, and the schedules that make them. */

import { items } from "@/api/http";
import type { Proposal, Schedule } from "@/api/research";
import { navigate } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num, Pill, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { age } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { changesText, toneOf } from "./words";

export function Proposals({ data }: { data: Data<unknown> }) {
  const { t, language } = useText();
  const list = items<Proposal>(data.value);
  return (
    <div className="stack">
      <Panel title={t("research.proposals")} at={data.at} flush>
        <p className="note">{t("research.hint")}</p>
        <Body data={data} empty={list.length === 0} emptyText={t("research.noProposals")}>
          <Table
            label={t("research.listProposals")}
            rows={list}
            rowKey={(row) => row.id}
            onRow={(row) => navigate(`/research/proposals/${row.id}`)}
            columns={[
              { key: "strategy", head: t("research.strategy"), cell: (row) => <Link row={row} /> },
              {
                key: "status",
                head: t("research.state"),
                cell: (row) => <Pill tone={toneOf(row.status)}>{t(`research.status_${row.status}`)}</Pill>,
              },
              {
                key: "change",
                head: t("research.change"),
                cell: (row) => changesText(row.changes, language),
              },
              {
                key: "outside",
                head: t("research.outside"),
                right: true,
                roomy: true,
                cell: (row) => <Num value={row.figures.outside.profit} signed decimals={4} />,
              },
              {
                key: "deflated",
                head: t("research.deflated"),
                right: true,
                roomy: true,
                cell: (row) => <Num value={row.figures.deflated} decimals={3} />,
              },
              {
                key: "at",
                head: t("common.time"),
                right: true,
                roomy: true,
                cell: (row) => <Time value={row.created} full />,
              },
            ]}
          />
        </Body>
      </Panel>
      <Schedules />
    </div>
  );
}

function Link({ row }: { row: Proposal }) {
  const path = `/research/proposals/${row.id}`;
  return (
    <a
      href={path}
      onClick={(event) => {
        event.preventDefault();
        navigate(path);
      }}
    >
      {row.strategy}
    </a>
  );
}

function Schedules() {
  const { t } = useText();
  const data = useData<unknown>({ path: "/api/hft/parameters/schedules", every: 15_000 });
  const list = items<Schedule>(data.value);
  return (
    <Panel title={t("research.schedules")} at={data.at}>
      <Body data={data} empty={list.length === 0} emptyText={t("research.noSchedules")}>
        <ul className="plain">
          {list.map((each) => (
            <li key={each.strategy}>
              <strong>{each.strategy}</strong>{" "}
              {t("research.scheduled", {
                every: age(each.every_seconds * 1_000),
                tape: each.asked.tape,
                by: each.by,
              })}{" "}
              <Time value={each.next} full />
            </li>
          ))}
        </ul>
      </Body>
    </Panel>
  );
}
