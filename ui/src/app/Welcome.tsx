/** The first visit: language, where the market comes from, which model answers. */

import { useState } from "react";
import { items } from "@/api/http";
import type { Model } from "@/api/types";
import { Dialog } from "@/components/Dialog";
import { Button } from "@/components/ui";
import { setLanguage, useText } from "@/i18n";
import { useData } from "@/state/data";
import { type Theme, usePrefs } from "@/state/prefs";
import { MarketBadge, TradingBadge, useMarket, useTrading } from "./Badges";

export default function Welcome() {
  const { t } = useText();
  const set = usePrefs((s) => s.set);
  const [step, setStep] = useState(0);
  const done = () => set({ welcomed: true });
  const steps = [<Screen key="0" />, <MarketStep key="1" />, <ModelStep key="2" />];
  return (
    <Dialog title={t("welcome.title")} onClose={done}>
      <p className="muted">{t("welcome.step", { step: step + 1, of: steps.length })}</p>
      {steps[step]}
      <div className="row end">
        <Button look="ghost" onClick={done}>
          {t("welcome.skip")}
        </Button>
        {step > 0 && <Button onClick={() => setStep(step - 1)}>{t("welcome.back")}</Button>}
        <Button look="primary" onClick={() => (step + 1 < steps.length ? setStep(step + 1) : done())}>
          {step + 1 < steps.length ? t("welcome.next") : t("welcome.start")}
        </Button>
      </div>
    </Dialog>
  );
}

function Screen() {
  const { t, language } = useText();
  const { theme, set } = usePrefs();
  const themes: Theme[] = ["system", "light", "dark", "contrast"];
  return (
    <div className="stack">
      <h3>{t("welcome.screen")}</h3>
      <label className="field">
        {t("frame.language")}
        <select value={language} onChange={(event) => setLanguage(event.target.value === "es" ? "es" : "en")}>
          <option value="en">{t("menu.lang_en")}</option>
          <option value="es">{t("menu.lang_es")}</option>
        </select>
      </label>
      <label className="field">
        {t("menu.theme")}
        <select value={theme} onChange={(event) => set({ theme: event.target.value as Theme })}>
          {themes.map((name) => (
            <option key={name} value={name}>
              {t(`menu.theme_${name}`)}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

function MarketStep() {
  const { t } = useText();
  const { value } = useMarket();
  return (
    <div className="stack">
      <h3>{t("welcome.market")}</h3>
      <div className="row">
        <MarketBadge />
        <TradingBadge />
      </div>
      <p>{value?.mode ? t(`market.hint.${value.mode}`) : t("market.hint.unknown")}</p>
      {value?.note && <p className="muted">{value.note}</p>}
      {useTrading().value?.mode === "PAPER" && <p>{t("welcome.example")}</p>}
      <p className="muted">
        {t("welcome.marketHow")} <code>./qbtc up --market sim</code>
      </p>
    </div>
  );
}

function ModelStep() {
  const { t, maybe } = useText();
  const models = items<Model>(useData<unknown>({ path: "/api/ce3/models" }).value);
  const active = models.find((model) => model.active) ?? models.find((model) => model.available);
  return (
    <div className="stack">
      <h3>{t("welcome.model")}</h3>
      <p>
        {active?.name
          ? t("welcome.modelIs", { name: maybe(`model.${active.name}`, active.name) })
          : t("welcome.modelOffline")}
      </p>
      <p className="muted">{t("welcome.modelHow")}</p>
    </div>
  );
}
