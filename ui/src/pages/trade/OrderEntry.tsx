/** Order entry: written, checked, previewed, then sent as a command. */

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useState } from "react";
import { runCommand } from "@/api/operations";
import type { SymbolInfo } from "@/api/types";
import { useTrading } from "@/app/Badges";
import { Failure, Panel } from "@/components/Panel";
import { Button } from "@/components/ui";
import { say, useText } from "@/i18n";
import { toText } from "@/lib/decimal";
import { fixed } from "@/lib/format";
import type { Instrument } from "@/state/instruments";
import { toast, useCan } from "@/state/session";
import { useEngineDown } from "../overview/Services";
import { useBook } from "./Book";
import { bodyOf, crosses, type Draft, type Fault, faultOf, notional, useDraft } from "./draft";
import { useTicker } from "./Trade";

interface EntryProps {
  instrument: Instrument;
  info: SymbolInfo | undefined;
}

export function OrderEntry({ instrument, info }: EntryProps) {
  const { t } = useText();
  const draft = useDraft();
  const { book } = useBook(instrument.symbol);
  const ticker = useTicker(instrument.symbol).value;
  const blocked = useBlocked();
  const [touched, setTouched] = useState(false);
  const send = useMutation({
    mutationFn: (body: Record<string, string>) => runCommand("hft.order.place", body),
    onSuccess: () => {
      toast("ok", say("order.sent"));
      setTouched(false);
      useDraft.setState({ quantity: "" });
    },
  });
  const refused = send.isError ? send.reset : undefined;
  useEffect(() => useDraft.subscribe(() => refused?.()), [refused]);
  const bid = book?.bids[0]?.price ?? ticker?.bid;
  const ask = book?.asks[0]?.price ?? ticker?.ask;
  const reference = draft.side === "BUY" ? ask : bid;
  const fault = faultOf(draft, info, reference);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!fault && instrument.symbol) send.mutate(bodyOf(draft, instrument.symbol));
  };
  return (
    <Panel title={t("order.title")} area="entry">
      <form className="stack" onSubmit={submit} noValidate>
        <Toggles draft={draft} />
        {draft.type === "LIMIT" && (
          <Amount field="price" draft={draft} unit={info?.quote} fault={touched ? fault : null} />
        )}
        <Amount field="quantity" draft={draft} unit={info?.base} fault={touched ? fault : null} />
        <Preview draft={draft} quote={info?.quote} reference={reference} taking={crosses(draft, bid, ask)} />
        {blocked && <p className="note tone-warn">{blocked}</p>}
        <Button
          type="submit"
          look={draft.side === "BUY" ? "up" : "down"}
          disabled={send.isPending || blocked !== null || !instrument.symbol}
        >
          {send.isPending ? t("order.sending") : t(`order.do_${draft.side}`, { symbol: instrument.symbol })}
        </Button>
        {send.isError && <Failure error={send.error} />}
      </form>
    </Panel>
  );
}

/** Why no order can be sent now; null when one can. */
function useBlocked(): string | null {
  const { t } = useText();
  const allowed = useCan("trader");
  const down = useEngineDown();
  const trading = useTrading().value;
  if (!allowed) return t("order.viewer");
  if (down) return t("order.engineDown");
  if (trading?.state === "HALTED") return t("order.halted");
  return trading?.mode === "READ_ONLY" ? t("order.readOnly", { venue: trading.venue ?? "" }) : null;
}

function Toggles({ draft }: { draft: Draft }) {
  const { t } = useText();
  return (
    <>
      <div className="segments" role="group" aria-label={t("order.side")}>
        {(["BUY", "SELL"] as const).map((side) => (
          <button
            key={side}
            type="button"
            className={`seg-${side}`}
            aria-pressed={draft.side === side}
            onClick={() => useDraft.setState({ side })}
          >
            {t(`order.${side}`)}
          </button>
        ))}
      </div>
      <div className="segments" role="group" aria-label={t("order.type")}>
        {(["LIMIT", "MARKET"] as const).map((type) => (
          <button
            key={type}
            type="button"
            aria-pressed={draft.type === type}
            onClick={() => useDraft.setState({ type })}
          >
            {t(`order.${type}`)}
          </button>
        ))}
      </div>
    </>
  );
}

function Amount({
  field,
  draft,
  unit,
  fault,
}: {
  field: "price" | "quantity";
  draft: Draft;
  unit?: string;
  fault: Fault | null;
}) {
  const { t } = useText();
  const wrong = fault?.field === field;
  return (
    <label className="field">
      {t(`common.${field}`)}
      <span className="input-unit">
        <input
          inputMode="decimal"
          autoComplete="off"
          name={field}
          value={draft[field]}
          aria-invalid={wrong}
          onChange={(event) => useDraft.setState({ [field]: event.target.value.replace(",", ".") })}
        />
        {unit && <span className="muted">{unit}</span>}
      </span>
      {wrong && (
        <small className="text-danger" role="alert">
          {t(fault.key, fault.values)}
        </small>
      )}
    </label>
  );
}

function Preview({
  draft,
  quote,
  reference,
  taking,
}: {
  draft: Draft;
  quote?: string;
  reference?: string;
  taking: boolean;
}) {
  const { t, language } = useText();
  const priced = notional(draft, reference);
  const cost = priced && priced.units > 0n ? priced : null;
  const atOnce = draft.type === "MARKET" || taking;
  return (
    <dl className="preview">
      <div>
        <dt>{t(draft.side === "BUY" ? "order.cost" : "order.proceeds")}</dt>
        <dd className="num">
          {draft.type === "MARKET" && cost ? "≈ " : ""}
          {fixed(cost ? toText(cost) : null, 2, language)} {cost && quote}
        </dd>
      </div>
      <div>
        <dt>{t("order.effect")}</dt>
        <dd>{cost ? t(atOnce ? "order.atOnce" : "order.rests") : "—"}</dd>
      </div>
    </dl>
  );
}
