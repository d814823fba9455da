/** The density matrix as a heatmap coloured by phase, with a table twin. */

import { type MouseEvent, useEffect, useRef, useState } from "react";
import type { Matrix, QState } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { Table } from "@/components/Table";
import { IconButton, Num } from "@/components/ui";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { resolvedTheme, usePrefs } from "@/state/prefs";
import { DIMENSIONS } from "./basis";
import { cellAt, colourOf, draw, largest } from "./heatmap";

const LETTERS = DIMENSIONS.map((dimension) => dimension.letter);
const MARGIN = 16;

/** The state id, renewed at most every few seconds: a matrix is 676 complex numbers. */
function useSteady(id: string | undefined, every: number): string | undefined {
  const [steady, setSteady] = useState(id);
  const latest = useRef(id);
  latest.current = id;
  useEffect(() => {
    const timer = window.setInterval(() => setSteady(latest.current), every);
    return () => window.clearInterval(timer);
  }, [every]);
  return steady ?? id;
}

export function Density({ data, state }: { data: Data<unknown>; state: QState | undefined }) {
  const { t } = useText();
  const [asTable, setAsTable] = useState(false);
  const id = useSteady(state?.state_id, 3_000);
  const matrix = useData<Matrix>({
    path: `/api/qcs/states/${encodeURIComponent(id ?? "")}/matrix`,
    enabled: Boolean(id),
  });
  const shown = id ? matrix : { ...data, value: undefined };
  const value = matrix.value;
  return (
    <Panel
      title={t("quantum.density")}
      area="density"
      source={t("quantum.densitySource")}
      at={matrix.at}
      staleAfter={20_000}
      controls={
        <IconButton
          icon={asTable ? "quantum" : "table"}
          label={t(asTable ? "quantum.asHeatmap" : "quantum.asTable")}
          onClick={() => setAsTable(!asTable)}
        />
      }
    >
      <Body data={shown as Data<unknown>} empty={!value} emptyText={t("quantum.densityEmpty")} lines={8}>
        {value && (asTable ? <Strongest matrix={value} /> : <Heatmap matrix={value} />)}
      </Body>
    </Panel>
  );
}

function Heatmap({ matrix }: { matrix: Matrix }) {
  const { t, language } = useText();
  const theme = resolvedTheme(usePrefs((s) => s.theme));
  const canvas = useRef<HTMLCanvasElement>(null);
  const [over, setOver] = useState("");
  const dark = theme !== "light";
  useEffect(() => {
    const element = canvas.current;
    if (!element) return undefined;
    const paint = () => draw(element, matrix, LETTERS, { text: getComputedStyle(element).color, dark });
    const observer = new ResizeObserver(paint);
    observer.observe(element);
    paint();
    return () => observer.disconnect();
  }, [matrix, dark]);
  const onMove = (event: MouseEvent<HTMLCanvasElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const step = (box.width - MARGIN) / LETTERS.length;
    const row = Math.floor((event.clientY - box.top - MARGIN) / step);
    const column = Math.floor((event.clientX - box.left - MARGIN) / step);
    const [a, b] = [LETTERS[row], LETTERS[column]];
    if (!a || !b) return setOver("");
    const { size, phase } = cellAt(matrix, row, column);
    setOver(`ρ(${a},${b}) = ${fixed(size, 4, language)} ∠ ${fixed((phase * 180) / Math.PI, 0, language)}°`);
  };
  return (
    <div className="heatmap">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t("quantum.densityLabel")}
        onMouseMove={onMove}
        onMouseLeave={() => setOver("")}
      />
      <div className="heat-legend">
        <span className="heat-scale" aria-hidden="true">
          {Array.from({ length: 24 }, (_, index) => (
            <i key={index} style={{ background: colourOf(1, (index / 24) * 2 * Math.PI - Math.PI, dark) }} />
          ))}
        </span>
        <span className="muted">{t("quantum.phaseScale")}</span>
        <span className="muted num">
          {over || t("quantum.sizeScale", { most: fixed(largest(matrix), 3, language) })}
        </span>
      </div>
    </div>
  );
}

interface Entry {
  pair: string;
  size: number;
  phase: number;
}

function Strongest({ matrix }: { matrix: Matrix }) {
  const { t } = useText();
  const entries: Entry[] = LETTERS.flatMap((a, i) =>
    LETTERS.slice(i).map((b, k) => ({ pair: `${a}–${b}`, ...cellAt(matrix, i, i + k) })),
  );
  entries.sort((x, y) => y.size - x.size);
  return (
    <Table
      label={t("quantum.asTable")}
      rows={entries.slice(0, 60)}
      rowKey={(row) => row.pair}
      columns={[
        { key: "pair", head: t("quantum.pair"), cell: (row) => row.pair },
        { key: "size", head: "|ρ|", right: true, cell: (row) => <Num value={row.size} decimals={5} /> },
        {
          key: "phase",
          head: t("quantum.phase"),
          right: true,
          cell: (row) => <Num value={(row.phase * 180) / Math.PI} decimals={1} unit="°" />,
        },
      ]}
    />
  );
}
