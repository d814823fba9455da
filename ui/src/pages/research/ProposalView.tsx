/** One proposal: the diff, what speaks for it and against it, and how approved parameters do. */

import { lazy, Suspense, useState } from "react";
import { decide, type Proposal, reportPath } from "@/api/research";
import { navigate } from "@/app/router";
import { Confirm } from "@/components/Confirm";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Button, Num, Pill, Stat, Time } from "@/components/ui";
import { say, useText } from "@/i18n";
import { fixed, percent, significant } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { toast, useCan } from "@/state/session";
import { changesText, reasonText, toneOf } from "./words";

const Line = lazy(() => import("./Line"));

export function ProposalView({ id }: { id: string }) {
  const { t } = useText();
  const data = useData<Proposal>({
    path: `/api/hft/parameters/proposals/${encodeURIComponent(id)}`,
    every: 2_000,
  });
  const found = data.value;
  return (
    <div className="stack">
      <div className="row">
        <Button small icon="right" className="back" onClick={() => navigate("/research/proposals")}>
          {t("research.back")}
        </Button>
      </div>
      <Panel title={t("research.proposal")} at={data.at}>
        <Body data={data} emptyText={t("research.noProposals")}>
          {found && <Details proposal={found} data={data} />}
        </Body>
      </Panel>
    </div>
  );
}

function Details({ proposal, data }: { proposal: Proposal; data: Data<Proposal> }) {
  const { t, language } = useText();
  return (
    <div className="stack">
      <div className="row wrap">
        <strong>{proposal.strategy}</strong>
        <span>{proposal.symbol}</span>
        <Pill tone={toneOf(proposal.status)}>{t(`research.status_${proposal.status}`)}</Pill>
        {proposal.decided_by && (
          <span className="muted">{t("research.by", { user: proposal.decided_by })}</span>
        )}
      </div>
      {proposal.status === "proposed" && <Decision proposal={proposal} onDone={data.retry} />}
      <Diff proposal={proposal} />
      {proposal.reasons.length > 0 && (
        <div className="note">
          <strong>{t("research.whyNot")}</strong>
          <ul>
            {proposal.reasons.map((reason) => (
              <li key={reason.doubt}>{reasonText(reason, t, language)}</li>
            ))}
          </ul>
        </div>
      )}
      <Evidence proposal={proposal} />
      <Watch proposal={proposal} />
      <Ground proposal={proposal} />
    </div>
  );
}

function Diff({ proposal }: { proposal: Proposal }) {
  const { t, language } = useText();
  if (proposal.changes.length === 0) return <p className="muted">{t("research.noChange")}</p>;
  return (
    <Table
      label={t("research.change")}
      rows={proposal.changes}
      rowKey={(row) => row.name}
      columns={[
        { key: "name", head: t("research.parameter"), cell: (row) => <code>{row.name}</code> },
        {
          key: "now",
          head: t("research.now"),
          right: true,
          cell: (row) => <span className="muted">{significant(row.current, 8, language)}</span>,
        },
        {
          key: "then",
          head: t("research.then"),
          right: true,
          cell: (row) => <strong>{significant(row.proposed, 8, language)}</strong>,
        },
      ]}
    />
  );
}

function Decision({ proposal, onDone }: { proposal: Proposal; onDone(): void }) {
  const { t, language } = useText();
  const allowed = useCan("trader");
  const [asking, setAsking] = useState<"approve" | "reject" | null>(null);
  const what = { strategy: proposal.strategy, change: changesText(proposal.changes, language) };
  const run = async (decision: "approve" | "reject") => {
    await decide(proposal, decision);
    toast("ok", say(decision === "approve" ? "research.approved" : "research.rejected"));
    onDone();
  };
  return (
    <div className="row wrap">
      <Button look="primary" icon="check" disabled={!allowed} onClick={() => setAsking("approve")}>
        {t("research.approve")}
      </Button>
      <Button disabled={!allowed} onClick={() => setAsking("reject")}>
        {t("research.reject")}
      </Button>
      <span className="muted">
        {t("research.expires")} <Time value={proposal.expires} full />
      </span>
      {asking && (
        <Confirm
          title={t(`research.${asking}Title`)}
          will={t(`research.${asking}Will`, what)}
          willNot={t(`research.${asking}Not`)}
          action={t(`research.${asking}`)}
          run={() => run(asking)}
          onClose={() => setAsking(null)}
        />
      )}
    </div>
  );
}

function Evidence({ proposal }: { proposal: Proposal }) {
  const { t, language } = useText();
  const f = proposal.figures;
  const between = (band: typeof f.hour) =>
    band ? `${fixed(band.low, 2, language, true)} … ${fixed(band.high, 2, language, true)}` : null;
  return (
    <div className="stats">
      <Stat label={t("research.inside")}>
        <Num value={f.inside.profit} signed decimals={4} />
      </Stat>
      <Stat label={t("research.outside")} hint={t("research.outsideHint", { count: f.windows })}>
        <Num value={f.outside.profit} signed decimals={4} />
      </Stat>
      <Stat label={t("research.present")}>
        <Num value={f.present.profit} signed decimals={4} />
      </Stat>
      <Stat label={t("research.deflated")} hint={t("research.deflatedHint")}>
        <Num value={f.deflated} decimals={3} />
      </Stat>
      <Stat label={t("research.trials")} hint={t("research.trialsHint", { count: f.combinations })}>
        <Num value={f.trials} decimals={1} />
      </Stat>
      <Stat label={t("research.overfitting")}>{percent(f.overfitting, 1, language)}</Stat>
      <Stat label={t("research.better")}>{percent(f.better, 1, language)}</Stat>
      <Stat label={t("research.fills")}>
        <Num value={f.fills} decimals={0} />
      </Stat>
      <Stat label={t("research.hour")}>{between(f.hour) ?? "—"}</Stat>
      <Stat label={t("research.day")}>{between(f.day) ?? "—"}</Stat>
    </div>
  );
}

function Watch({ proposal }: { proposal: Proposal }) {
  const { t, language } = useText();
  const { watch, line } = proposal;
  const error = percent(proposal.asked?.bars.error, 0, language);
  if (!line || line.length === 0) return null;
  return (
    <section aria-label={t("research.watch")}>
      <h3>{t("research.watch")}</h3>
      <p className="muted">{t("research.watchHint", { error })}</p>
      {watch && (
        <div className="stats">
          <Stat label={t("research.profit")}>
            <Num value={watch.profit} signed decimals={4} />
          </Stat>
          <Stat label={t("research.lowest")}>
            <Num value={watch.lowest} signed decimals={4} />
          </Stat>
          <Stat label={t("research.hours")}>
            <Num value={watch.hours} decimals={3} />
          </Stat>
          <Stat label={t("research.fills")}>
            <Num value={watch.fills} decimals={0} />
          </Stat>
        </div>
      )}
      <Suspense fallback={null}>
        <Line line={line} watch={watch ?? null} label={t("research.watch")} />
      </Suspense>
    </section>
  );
}

function Ground({ proposal }: { proposal: Proposal }) {
  const { t, language } = useText();
  const { data, code } = proposal;
  if (!data || !code) return null;
  return (
    <details>
      <summary>{t("research.ground")}</summary>
      <ul className="plain">
        <li>
          {t("research.tape")} <code>{data.tape}</code> <Time value={data.begin} full /> –{" "}
          <Time value={data.end} full />
        </li>
        <li>
          {t("research.dataDigest")} <code>{data.digest.slice(0, 16)}</code>
        </li>
        <li>
          {t("research.codeDigest")} <code>{code.digest.slice(0, 16)}</code> {`QBTC ${code.version}`}
        </li>
        <li>
          <a href={reportPath(proposal.id, language)} download>
            {t("research.report")}
          </a>
        </li>
      </ul>
    </details>
  );
}
