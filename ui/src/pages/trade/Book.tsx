/** The order book as a ladder: asks above, bids below, bars for cumulated depth; a click fills the price. */

import { useMemo } from "react";
import { Empty, Failure, Panel, Skeleton } from "@/components/Panel";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { useData } from "@/state/data";
import type { Instrument } from "@/state/instruments";
import { useChannel } from "@/state/live";
import type { BookView, Level } from "@/wire/book";
import type { BookValue } from "@/wire/protocol";
import { pickPrice } from "./draft";

const DEPTH = 12;

interface Row extends Level {
  share: number;
}

function rows(levels: Level[], most: number): Row[] {
  let sum = 0;
  return levels.map((level) => {
    sum += Number(level.quantity);
    return { ...level, share: most > 0 ? sum / most : 0 };
  });
}

const total = (levels: Level[]) => levels.reduce((sum, level) => sum + Number(level.quantity), 0);
const levels = (side: [string, string][] | undefined): Level[] =>
  (side ?? []).map(([price, quantity]) => ({ price, quantity }));

export interface BookData {
  book: BookView | undefined;
  at: number | null;
  error: Error | null;
  retry(): void;
}

export function useBook(symbol: string): BookData {
  const live = useChannel(symbol && `book.${symbol}`, 20);
  const stored = useData<BookValue & { sequence?: number }>({
    path: `/api/hft/book?symbol=${symbol}&depth=25`,
    enabled: Boolean(symbol),
  });
  const shown = live.value as BookView | undefined;
  const { value, error, retry } = stored;
  if (shown) return { book: shown, at: live.at, error: null, retry };
  const book = value && {
    bids: levels(value.bids),
    asks: levels(value.asks),
    sequence: value.sequence ?? 0,
  };
  return { book, at: value ? stored.at : null, error, retry };
}

export function Book({ instrument }: { instrument: Instrument }) {
  const { t, language } = useText();
  const { book, at, error, retry } = useBook(instrument.symbol);
  const { bids, asks, spread } = useMemo(() => {
    const low = (book?.asks ?? []).slice(0, DEPTH);
    const high = (book?.bids ?? []).slice(0, DEPTH);
    const most = Math.max(total(low), total(high));
    const gap = low[0] && high[0] ? Number(low[0].price) - Number(high[0].price) : null;
    return { bids: rows(high, most), asks: rows(low, most), spread: gap };
  }, [book]);
  const empty = bids.length + asks.length === 0;
  return (
    <Panel title={t("book.title")} area="book" source={t("book.source")} at={at} staleAfter={5_000} flush>
      {!book && error && <Failure error={error} retry={retry} />}
      {!book && !error && <Skeleton lines={10} />}
      {book && empty && <Empty text={t("book.empty")} />}
      {book && !empty && (
        <div className="ladder">
          <div className="ladder-head">
            <span>{t("common.price")}</span>
            <span>{t("common.quantity")}</span>
          </div>
          <Side rows={asks} side="ask" instrument={instrument} />
          <div className="ladder-mid num">
            {t("book.spread")} {fixed(spread, instrument.priceDecimals, language)}
          </div>
          <Side rows={bids} side="bid" instrument={instrument} />
        </div>
      )}
    </Panel>
  );
}

function Side({
  rows: list,
  side,
  instrument,
}: {
  rows: Row[];
  side: "bid" | "ask";
  instrument: Instrument;
}) {
  const { t, language } = useText();
  return (
    <div className={`ladder-side ladder-${side}`}>
      {list.map((row) => {
        const price = fixed(row.price, instrument.priceDecimals, language);
        return (
          <button
            key={row.price}
            type="button"
            onClick={() => pickPrice(row.price)}
            aria-label={t(`book.${side}`, { price })}
          >
            <i style={{ transform: `scaleX(${row.share.toFixed(3)})` }} />
            <span className="num">{price}</span>
            <span className="num">{fixed(row.quantity, instrument.quantityDecimals, language)}</span>
          </button>
        );
      })}
    </div>
  );
}
