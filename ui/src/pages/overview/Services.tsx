/** One card a service: state, how long, and the figures it reports about itself. */

import { items } from "@/api/http";
import type { Service } from "@/api/types";
import { navigate } from "@/app/router";
import { Body, Panel } from "@/components/Panel";
import { StatePill } from "@/components/ui";
import { useText } from "@/i18n";
import { age, significant, UNKNOWN } from "@/lib/format";
import { useData } from "@/state/data";

export const useServices = () =>
  useData<unknown>({ path: "/api/web/services", channel: "services", every: 10_000 });

/** Services come as a list, or as an object by name. */
export function serviceList(value: unknown): Service[] {
  const list = items<Service>(value);
  if (list.length > 0 || typeof value !== "object" || value === null) return list;
  const inner = (value as { services?: unknown }).services ?? value;
  if (Array.isArray(inner)) return inner as Service[];
  return Object.entries(inner as Record<string, unknown>)
    .filter(([, entry]) => typeof entry === "object" && entry !== null && !Array.isArray(entry))
    .map(([name, entry]) => ({ ...(entry as Omit<Service, "name">), name }));
}

/** Web counts in steps of ten seconds. */
export function uptime(service: Service): string {
  if (service.uptime_s === undefined) return UNKNOWN;
  return service.uptime_s < 10 ? "< 10 s" : age(service.uptime_s * 1_000);
}

/** Whether the trading engine does not answer; false while nothing is known. */
export const useEngineDown = () =>
  serviceList(useServices().value).some((service) => service.name === "hft" && service.state === "down");

export function Services() {
  const { t } = useText();
  const data = useServices();
  const services = serviceList(data.value);
  return (
    <Panel
      title={t("services.title")}
      area="services"
      source={t("services.source")}
      at={data.at}
      staleAfter={30_000}
    >
      <Body data={data} empty={services.length === 0} emptyText={t("services.empty")} lines={6}>
        <div className="cards">
          {services.map((service) => (
            <Card key={service.name} service={service} />
          ))}
        </div>
      </Body>
    </Panel>
  );
}

function Card({ service }: { service: Service }) {
  const { t, maybe, language } = useText();
  const figures = Object.entries({ ...service.metrics, ...service.note }).filter(
    ([, value]) => typeof value === "number" || typeof value === "string",
  );
  return (
    <button type="button" className="card" onClick={() => navigate("/system/services")}>
      <span className="card-head">
        <strong>{service.name.toUpperCase()}</strong>
        <StatePill state={service.state} />
      </span>
      <span className="muted ellipsis">
        {service.detail || maybe(`services.about_${service.name}`, service.name)}
      </span>
      <span className="figures">
        <Figure name={t("services.uptime")} value={uptime(service)} />
        <Figure name={t("services.restarts")} value={String(service.restarts ?? "—")} />
        {figures.slice(0, 3).map(([name, value]) => (
          <Figure
            key={name}
            name={maybe(`metric.${name}`, name.replaceAll("_", " "))}
            value={
              typeof value === "number"
                ? significant(value, 4, language)
                : maybe(`model.${String(value)}`, String(value))
            }
          />
        ))}
      </span>
    </button>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <span className="figure">
      <span className="muted ellipsis">{name}</span>
      <span className="num ellipsis">{value}</span>
    </span>
  );
}
