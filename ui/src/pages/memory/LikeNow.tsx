/** When was the market like now, and what followed: returns at several horizons beside those of random moments. */

import type { LikeMoments, MomentOutcomes } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { type Column, Table } from "@/components/Table";
import { Button, Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { percent, pValue } from "@/lib/format";
import { useData } from "@/state/data";
import { useSymbol } from "@/state/symbol";

const SHOWN = 8;
const bp = (value: number | null) => (value === null ? null : value * 1e4);

export function LikeNow({ onOpen }: { onOpen(id: string): void }) {
  const { t } = useText();
  const { symbol } = useSymbol();
  const data = useData<LikeMoments>({
    path: symbol ? `/api/cio/memories/market?symbol=${encodeURIComponent(symbol)}` : undefined,
    every: 15_000,
  });
  const found = data.value;
  return (
    <Panel
      title={t("likeNow.title")}
      area="like-now"
      source={t("likeNow.source")}
      at={data.at}
      staleAfter={60_000}
    >
      <Body data={data} empty={found?.searched === 0} emptyText={t("likeNow.empty")}>
        {found && (
          <div className="like-now">
            <p className="muted">
              {t("likeNow.asked", { symbol: found.symbol, count: found.searched })}{" "}
              <Time value={found.at} full />
            </p>
            <Followed found={found} />
            <Alike found={found} onOpen={onOpen} />
            <p className="muted">{t("likeNow.caution")}</p>
          </div>
        )}
      </Body>
    </Panel>
  );
}

function Followed({ found }: { found: LikeMoments }) {
  const { t, language } = useText();
  const figure = (key: keyof MomentOutcomes, roomy = false): Column<MomentOutcomes> => ({
    key,
    head: t(`likeNow.${key}`),
    right: true,
    roomy,
    cell: (row) => <Num value={bp(row[key] as number | null)} decimals={1} signed unit="bp" />,
  });
  const columns: Column<MomentOutcomes>[] = [
    {
      key: "horizon",
      head: t("likeNow.after"),
      cell: (row) => <Num value={row.horizon} decimals={0} unit="s" />,
    },
    {
      key: "sample",
      head: t("likeNow.sample"),
      right: true,
      cell: (row) =>
        row.enough ? (
          <Num value={row.sample} decimals={0} />
        ) : (
          <span className="muted">{t("likeNow.few", { count: row.sample, least: found.min_sample })}</span>
        ),
    },
    figure("mean"),
    figure("median", true),
    figure("low", true),
    figure("high", true),
    {
      key: "up",
      head: t("likeNow.up"),
      right: true,
      cell: (row) => <span className="num">{percent(row.up, 0, language)}</span>,
    },
    figure("null_mean"),
    {
      key: "adjusted",
      head: "p",
      right: true,
      cell: (row) => <span className="num">{pValue(row.adjusted, language)}</span>,
    },
  ];
  return (
    <Table
      label={t("likeNow.followed")}
      rows={found.followed}
      rowKey={(row) => String(row.horizon)}
      columns={columns}
    />
  );
}

function Alike({ found, onOpen }: { found: LikeMoments; onOpen(id: string): void }) {
  const { t, maybe } = useText();
  if (found.alike.length === 0) return <p>{t("likeNow.none")}</p>;
  const horizons = found.followed.map((row) => String(row.horizon));
  return (
    <Table
      label={t("likeNow.moments")}
      rows={found.alike.slice(0, SHOWN)}
      rowKey={(row) => row.memory_id}
      columns={[
        {
          key: "at",
          head: t("likeNow.at"),
          cell: (row) => (
            <Button small look="ghost" title={row.memory_id} onClick={() => onOpen(row.memory_id)}>
              <Time value={row.at} full />
            </Button>
          ),
        },
        {
          key: "overlap",
          head: t("likeNow.overlap"),
          right: true,
          cell: (row) => <Num value={row.overlap} decimals={2} />,
        },
        {
          key: "ratio",
          head: t("likeNow.ratio"),
          right: true,
          cell: (row) => <Num value={row.ratio} decimals={2} />,
        },
        {
          key: "fidelity",
          head: t("likeNow.fidelity"),
          right: true,
          roomy: true,
          cell: (row) => <Num value={row.fidelity} decimals={2} />,
        },
        {
          key: "regime",
          head: t("likeNow.regime"),
          roomy: true,
          cell: (row) => maybe(`regime.${row.regime}`, row.regime),
        },
        ...horizons.map((horizon) => ({
          key: horizon,
          head: t("likeNow.then", { seconds: horizon }),
          right: true,
          cell: (row: (typeof found.alike)[number]) => (
            <Num value={bp(row.followed[horizon] ?? null)} decimals={1} signed unit="bp" />
          ),
        })),
      ]}
    />
  );
}
