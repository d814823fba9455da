/** Services with their checks, and pause, resume, restart. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { runCommand } from "@/api/operations";
import type { Check, Service } from "@/api/types";
import { Confirm } from "@/components/Confirm";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Button, StatePill } from "@/components/ui";
import { say, useText } from "@/i18n";
import { toast, useCan } from "@/state/session";
import { serviceList, uptime, useServices } from "../overview/Services";

type Action = "pause" | "resume" | "restart";
const CONTROLLED = ["ce3", "cio", "qcs", "hft", "web"];

/** Web carries this very screen, so pausing or restarting it has effects of its own. */
const willOf = ({ service, action }: { service: string; action: Action }) =>
  `control.will_${action}${service === "web" && action !== "resume" ? "_web" : ""}`;

export function checksOf(service: Service): Check[] {
  if (Array.isArray(service.checks)) return service.checks;
  return Object.entries(service.checks ?? {}).map(([name, value]) => {
    const ok = value === true || value === "ok" || value === null;
    return { name, ok, detail: ok || typeof value !== "string" ? undefined : value };
  });
}

function Checks({ service }: { service: Service }) {
  const { maybe } = useText();
  const name = (check: Check) => maybe(`check.${check.name}`, check.name);
  const bad = checksOf(service).filter((check) => check.ok === false);
  if (service.detail) return <span className="muted">{service.detail}</span>;
  if (bad.length === 0) return <span className="muted">{checksOf(service).map(name).join(", ") || "—"}</span>;
  return (
    <span className="text-danger">
      {bad.map((check) => `${name(check)}: ${check.detail ?? "—"}`).join("; ")}
    </span>
  );
}

/** On a narrow screen, where the column of checks is left out, what is wrong stands under the name. */
function Name({ service }: { service: Service }) {
  return (
    <>
      <strong>{service.name.toUpperCase()}</strong>
      {service.detail && <span className="narrow-only block text-danger">{service.detail}</span>}
    </>
  );
}

export function Control() {
  const { t } = useText();
  const data = useServices();
  const services = serviceList(data.value);
  const [asking, setAsking] = useState<{ service: string; action: Action } | null>(null);
  const client = useQueryClient();
  const run = async () => {
    if (!asking) return;
    await runCommand("web.service.control", { ...asking, reason: "" });
    toast("ok", say(`control.done_${asking.action}`, { service: asking.service }));
    await client.invalidateQueries();
  };
  return (
    <Panel
      title={t("services.title")}
      area="services"
      source={t("services.source")}
      at={data.at}
      staleAfter={30_000}
      flush
    >
      <Body data={data} empty={services.length === 0} emptyText={t("services.empty")} lines={8}>
        <Table
          label={t("services.title")}
          rows={services}
          rowKey={(row) => row.name}
          columns={[
            {
              key: "name",
              head: t("services.name"),
              cell: (row) => <Name service={row} />,
            },
            { key: "state", head: t("services.state"), cell: (row) => <StatePill state={row.state} /> },
            {
              key: "checks",
              head: t("services.checks"),
              roomy: true,
              wide: true,
              cell: (row) => <Checks service={row} />,
            },
            {
              key: "port",
              head: t("services.port"),
              roomy: true,
              right: true,
              cell: (row) => <span className="num">{row.port ?? "—"}</span>,
            },
            {
              key: "pid",
              head: t("services.pid"),
              roomy: true,
              right: true,
              cell: (row) => <span className="num">{row.pid ?? "—"}</span>,
            },
            {
              key: "up",
              head: t("services.uptime"),
              roomy: true,
              right: true,
              cell: (row) => <span className="num">{uptime(row)}</span>,
            },
            {
              key: "restarts",
              head: t("services.restarts"),
              roomy: true,
              right: true,
              cell: (row) => <span className="num">{row.restarts ?? "—"}</span>,
            },
            {
              key: "act",
              head: "",
              right: true,
              cell: (row) => (
                <Actions service={row} onAsk={(action) => setAsking({ service: row.name, action })} />
              ),
            },
          ]}
        />
      </Body>
      {asking && (
        <Confirm
          title={t(`control.${asking.action}`, { service: asking.service })}
          will={t(willOf(asking), { service: asking.service })}
          willNot={t(asking.service === "web" ? "control.willNot_web" : "control.willNot")}
          action={t(`control.do_${asking.action}`)}
          danger={asking.action !== "resume"}
          run={run}
          onClose={() => setAsking(null)}
        />
      )}
    </Panel>
  );
}

function Actions({ service, onAsk }: { service: Service; onAsk(action: Action): void }) {
  const { t } = useText();
  const admin = useCan("admin");
  if (!CONTROLLED.includes(service.name)) return null;
  const paused = service.state?.toLowerCase() === "paused";
  // Web carries this screen's own news: paused, it could not even say that it is. It can be restarted.
  const pausable = service.name !== "web" || paused;
  return (
    <span className="row end service-actions">
      {pausable && (
        <Button
          small
          icon={paused ? "play" : "pause"}
          disabled={!admin}
          onClick={() => onAsk(paused ? "resume" : "pause")}
        >
          {t(paused ? "control.do_resume" : "control.do_pause")}
        </Button>
      )}
      <Button small icon="retry" disabled={!admin} onClick={() => onAsk("restart")}>
        {t("control.do_restart")}
      </Button>
    </span>
  );
}
