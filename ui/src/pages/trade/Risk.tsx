/** Risk rules with how much of each is used. */

import type { Risk as RiskData, RiskRule } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { StatePill } from "@/components/ui";
import { useText } from "@/i18n";
import { isKnown, significant } from "@/lib/format";
import { useData } from "@/state/data";

export function Risk() {
  const { t } = useText();
  const data = useData<RiskData>({ path: "/api/hft/risk", channel: "risk", rate: 4, every: 8_000 });
  const rules = data.value?.rules ?? [];
  return (
    <Panel
      title={t("risk.title")}
      area="risk"
      source={t("risk.source")}
      at={data.at}
      staleAfter={15_000}
      controls={<StatePill state={data.value?.state} />}
    >
      <Body data={data} empty={rules.length === 0} emptyText={t("risk.empty")}>
        <ul className="rules">
          {rules.map((rule) => (
            <Rule key={rule.name} rule={rule} />
          ))}
        </ul>
      </Body>
    </Panel>
  );
}

function Rule({ rule }: { rule: RiskRule }) {
  const { t, maybe, language } = useText();
  const limit = Number(rule.limit);
  const used = isKnown(rule.value) && limit > 0 ? Math.min(1, Math.abs(Number(rule.value)) / limit) : null;
  const tone = rule.ok === false ? "danger" : used !== null && used > 0.8 ? "warn" : "ok";
  if (rule.unit === "flag") {
    return (
      <li title={rule.reason}>
        <span className="ellipsis">{maybe(`risk.rule_${rule.name}`, rule.name.replaceAll("_", " "))}</span>
        <span className={rule.ok === false ? "text-danger" : "muted"}>
          {t(rule.ok === false ? "risk.bad" : "risk.good")}
        </span>
      </li>
    );
  }
  const shown = (value: RiskRule["limit"]) =>
    isKnown(value) ? significant(value, 6, language) : String(value ?? "—");
  return (
    <li title={rule.reason}>
      <span className="ellipsis">{maybe(`risk.rule_${rule.name}`, rule.name.replaceAll("_", " "))}</span>
      <span className="num">
        {shown(rule.value)} / {shown(rule.limit)}
      </span>
      <span
        className={`meter meter-${tone}`}
        role="meter"
        aria-label={t("risk.used")}
        aria-valuemin={0}
        aria-valuemax={1}
        aria-valuenow={used ?? 0}
      >
        <i style={{ transform: `scaleX(${used ?? 0})` }} />
      </span>
    </li>
  );
}
