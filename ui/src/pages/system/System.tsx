/** The machine room: services, logs, traces, bus. */

import { navigate, useRoute } from "@/app/router";
import { Page } from "@/components/Page";
import { Tabs } from "@/components/Tabs";
import { useText } from "@/i18n";
import { Engines } from "../overview/Engines";
import { serviceList, useServices } from "../overview/Services";
import { Bus } from "./Bus";
import { Control } from "./Control";
import { Logs } from "./Logs";
import { Traces } from "./Traces";
import { TraceView } from "./TraceView";

const TABS = ["services", "logs", "traces", "bus"] as const;
type TabId = (typeof TABS)[number];

export default function System() {
  const { t } = useText();
  const { rest } = useRoute();
  const tab: TabId = TABS.find((name) => name === rest[0]) ?? "services";
  const services = serviceList(useServices().value);
  const ready = services.filter((service) =>
    ["ready", "running", "ok", "healthy"].includes((service.state ?? "").toLowerCase()),
  ).length;
  const sentence =
    services.length === 0 ? t("system.unknown") : t("system.sentence", { ready, count: services.length });
  return (
    <Page
      title={t("page.system")}
      sentence={sentence}
      actions={
        <Tabs
          label={t("page.system")}
          active={tab}
          onSelect={(id) => navigate(`/system/${id}`)}
          tabs={TABS.map((id) => ({ id, title: t(`system.${id}`) }))}
        />
      }
    >
      {tab === "services" && (
        <div className="grid system-grid">
          <Control />
          <Engines />
        </div>
      )}
      {tab === "logs" && <Logs />}
      {tab === "traces" && (rest[1] ? <TraceView id={rest[1]} /> : <Traces />)}
      {tab === "bus" && <Bus />}
    </Page>
  );
}
