/** The tapes of the store, as `qbtc data ls` lists them. */

import { items } from "@/api/http";
import type { TapeRow } from "@/api/research";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { Num, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { bytes } from "@/lib/format";
import type { Data } from "@/state/data";

export function Tapes({ data }: { data: Data<unknown> }) {
  const { t, language } = useText();
  const list = items<TapeRow>(data.value);
  return (
    <Panel title={t("research.tapes")} at={data.at} flush>
      <Body data={data} empty={list.length === 0} emptyText={t("research.noTapes")}>
        <Table
          label={t("research.listTapes")}
          rows={list}
          rowKey={(row) => row.name}
          columns={[
            {
              key: "name",
              head: t("research.tape"),
              cell: (row) => (
                <>
                  <code>{row.name}</code> {row.error && <span className="text-danger">{row.error}</span>}
                </>
              ),
            },
            { key: "symbol", head: t("research.symbol"), roomy: true, cell: (row) => row.symbol },
            {
              key: "messages",
              head: t("research.messages"),
              right: true,
              cell: (row) => <Num value={row.messages} decimals={0} />,
            },
            {
              key: "rows",
              head: t("research.rows"),
              right: true,
              roomy: true,
              cell: (row) => <Num value={row.rows} decimals={0} />,
            },
            {
              key: "size",
              head: t("research.size"),
              right: true,
              roomy: true,
              cell: (row) => bytes(row.bytes, language),
            },
            {
              key: "from",
              head: t("research.from"),
              roomy: true,
              cell: (row) => <Time value={row.first_local} full />,
            },
            {
              key: "to",
              head: t("research.to"),
              roomy: true,
              cell: (row) => <Time value={row.last_local} full />,
            },
            {
              key: "gaps",
              head: t("research.gaps"),
              right: true,
              cell: (row) => <Num value={row.gaps} decimals={0} />,
            },
          ]}
        />
      </Body>
    </Panel>
  );
}
