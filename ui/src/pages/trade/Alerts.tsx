/** Alerts on prices and fills: what waits, what has fired, and a row to add one. */

import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { items, post, remove } from "@/api/http";
import type { Alert } from "@/api/types";
import { complain } from "@/components/complain";
import { Body } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Button, Pill } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { useCan } from "@/state/session";

const PATH = "/api/hft/alerts";
const KINDS = ["above", "below", "fill"] as const;

export function Alerts({ symbol }: { symbol: string }) {
  const { t } = useText();
  const allowed = useCan("trader");
  const data = useData<unknown>({ path: PATH, every: 5_000 });
  const drop = useMutation({
    mutationFn: (id: string) => remove(`${PATH}/${encodeURIComponent(id)}`),
    onSuccess: data.retry,
    onError: complain,
  });
  const list = items<Alert>(data.value);
  return (
    <>
      {allowed && <NewAlert symbol={symbol} onDone={data.retry} />}
      <Body data={data} empty={list.length === 0} emptyText={t("alerts.none")}>
        <Table
          label={t("alerts.title")}
          rows={list}
          rowKey={(row) => row.id}
          columns={[
            { key: "symbol", head: t("common.symbol"), cell: (row) => row.symbol ?? t("alerts.every") },
            { key: "kind", head: t("alerts.when"), cell: (row) => t(`alerts.kind_${row.kind}`) },
            { key: "price", head: t("common.price"), right: true, cell: (row) => row.price ?? "—" },
            { key: "note", head: t("alerts.note"), wide: true, cell: (row) => row.note },
            {
              key: "state",
              head: t("alerts.state"),
              cell: (row) => (
                <Pill tone={row.fired ? "ok" : "neutral"}>
                  {row.fired ? t("alerts.fired", { with: row.fired_with ?? "" }) : t("alerts.waits")}
                </Pill>
              ),
            },
            {
              key: "act",
              head: "",
              right: true,
              cell: (row) => (
                <Button small disabled={!allowed || drop.isPending} onClick={() => drop.mutate(row.id)}>
                  {t("alerts.delete")}
                </Button>
              ),
            },
          ]}
        />
      </Body>
    </>
  );
}

function NewAlert({ symbol, onDone }: { symbol: string; onDone(): void }) {
  const { t } = useText();
  const [kind, setKind] = useState<Alert["kind"]>("above");
  const [price, setPrice] = useState("");
  const [note, setNote] = useState("");
  const add = useMutation({
    mutationFn: () => post(PATH, { kind, symbol, price: kind === "fill" ? null : price, note }),
    onSuccess: () => {
      setPrice("");
      setNote("");
      onDone();
    },
    onError: complain,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form className="row wrap alerts-new" onSubmit={submit}>
      <select
        aria-label={t("alerts.when")}
        value={kind}
        onChange={(event) => setKind(event.target.value as Alert["kind"])}
      >
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {t(`alerts.kind_${one}`)}
          </option>
        ))}
      </select>
      {kind !== "fill" && (
        <input
          inputMode="decimal"
          required
          aria-label={t("common.price")}
          placeholder={t("common.price")}
          value={price}
          onChange={(event) => setPrice(event.target.value.replace(",", "."))}
        />
      )}
      <input
        maxLength={200}
        aria-label={t("alerts.note")}
        placeholder={t("alerts.note")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button type="submit" disabled={add.isPending || !symbol}>
        {t("alerts.add", { symbol })}
      </Button>
    </form>
  );
}
