/** What is being computed for this person, as it goes on, and what was: with a button that ends it. */

import { cancelJob, type Job, type JobState, open } from "@/api/jobs";
import { Cancel } from "@/components/Cancel";
import { Body, Panel } from "@/components/Panel";
import { Progress } from "@/components/Progress";
import { type Column, Table } from "@/components/Table";
import { Pill, Time, type Tone } from "@/components/ui";
import { useText } from "@/i18n";
import { useJobs } from "@/state/jobs";

const SHOWN = 8;
const TONES: Record<JobState, Tone> = {
  queued: "neutral",
  running: "info",
  done: "ok",
  failed: "danger",
  cancelled: "neutral",
  interrupted: "warn",
};

export function Jobs() {
  const { t, maybe } = useText();
  const { jobs, ...data } = useJobs();
  const columns: Column<Job>[] = [
    {
      key: "kind",
      head: t("jobs.kind"),
      cell: (row) => maybe(`jobs.kind_${row.kind.replaceAll("-", "_")}`, row.kind),
    },
    { key: "state", head: t("jobs.state"), cell: (row) => <State job={row} /> },
    {
      key: "at",
      head: t("common.time"),
      right: true,
      roomy: true,
      cell: (row) => <Time value={row.created} full />,
    },
    {
      key: "act",
      head: t("jobs.action"),
      right: true,
      cell: (row) => (open(row) ? <Cancel cancel={() => cancelJob(row.id)} onDone={data.retry} /> : null),
    },
  ];
  return (
    <Panel title={t("jobs.title")} area="jobs" source={t("jobs.source")} flush>
      <Body data={data} empty={jobs.length === 0} emptyText={t("jobs.none")}>
        <Table
          label={t("jobs.list")}
          columns={columns}
          rows={jobs.slice(0, SHOWN)}
          rowKey={(row) => row.id}
        />
      </Body>
    </Panel>
  );
}

function State({ job }: { job: Job }) {
  const { t } = useText();
  return (
    <span className="row wrap">
      <Pill tone={TONES[job.state]}>{t(`jobs.state_${job.state}`)}</Pill>
      {job.state === "running" && <Progress progress={{ share: job.progress.share, step: "" }} />}
      {job.error && <small className="muted">{job.error.detail ?? job.error.title}</small>}
    </span>
  );
}
