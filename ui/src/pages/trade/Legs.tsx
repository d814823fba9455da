/** The symbols of a strategy of several markets: one for each leg. */

import type { Strategy } from "@/api/types";
import { useText } from "@/i18n";
import { useSymbol } from "@/state/symbol";

export interface LegChoice {
  names: string[];
  symbols: string[];
  chosen: Record<string, string>;
  /** Each leg has a symbol of its own. */
  complete: boolean;
}

/** What was picked, else what it ran on before, else the next symbol that no leg has. */
export function choose(
  legs: Record<string, string | null>,
  picked: Record<string, string>,
  symbols: string[],
) {
  const wanted = Object.entries(legs).map(
    ([leg, before]) =>
      [leg, [picked[leg], before].find((symbol) => symbol && symbols.includes(symbol))] as const,
  );
  const taken = new Set(wanted.map(([, symbol]) => symbol));
  const chosen: Record<string, string> = {};
  for (const [leg, symbol] of wanted) {
    chosen[leg] = symbol ?? symbols.find((each) => !taken.has(each)) ?? "";
    taken.add(chosen[leg]);
  }
  return chosen;
}

export function useLegs(strategy: Strategy, picked: Record<string, string>): LegChoice {
  const { symbols } = useSymbol();
  const legs = strategy.legs ?? {};
  const chosen = choose(legs, picked, symbols);
  const given = Object.values(chosen);
  const complete = new Set(given).size === given.length && !given.includes("");
  return { names: Object.keys(legs), symbols, chosen, complete };
}

interface LegsProps {
  name: string;
  legs: LegChoice;
  disabled: boolean;
  onChange(chosen: Record<string, string>): void;
}

export function Legs({ name, legs, disabled, onChange }: LegsProps) {
  const { t } = useText();
  return (
    <div className="tier">
      {legs.names.map((leg) => (
        <label key={leg} className="row">
          {leg}
          <select
            aria-label={`${t("strategy.leg")} ${leg}: ${name}`}
            disabled={disabled}
            value={legs.chosen[leg]}
            onChange={(event) => onChange({ ...legs.chosen, [leg]: event.target.value })}
          >
            {legs.symbols.map((symbol) => (
              <option key={symbol} value={symbol}>
                {symbol}
              </option>
            ))}
          </select>
        </label>
      ))}
      {!legs.complete && <span className="note tone-warn">{t("strategy.legsApart")}</span>}
    </div>
  );
}
