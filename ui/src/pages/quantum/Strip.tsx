/** 26 labelled bars A..Z: the z-score of each market feature, or that it is masked. */

import type { Features, QState } from "@/api/types";
import { Body, Panel } from "@/components/Panel";
import { useText } from "@/i18n";
import { fixed } from "@/lib/format";
import { type Data, useData } from "@/state/data";
import { DIMENSIONS, nameOf } from "./basis";

const CLIP = 5;
const NOVELTY = DIMENSIONS.findIndex((dimension) => dimension.letter === "N");

interface StripProps {
  data: Data<unknown> & { state: QState | undefined };
  symbol: string;
}

/** N is computed last, by QCS: its score is that of the state, whose real part times its intensity is the z-score. */
function withNovelty(features: Features | undefined, state: QState | undefined) {
  const scores = features?.scores && [...features.scores];
  const present = features?.present ? [...features.present] : state?.present;
  const raws = features?.values && [...features.values];
  if (scores && present && raws && state?.present?.[NOVELTY]) {
    scores[NOVELTY] = (state.intensity ?? 0) * (state.real?.[NOVELTY] ?? 0);
    raws[NOVELTY] = state.novelty ?? null;
    present[NOVELTY] = true;
  }
  return { scores, present, raws };
}

export function Strip({ data, symbol }: StripProps) {
  const { t } = useText();
  const features = useData<Features>({
    path: `/api/hft/features?symbol=${symbol}`,
    channel: symbol && `features.${symbol}`,
    enabled: Boolean(symbol),
    rate: 4,
  });
  const { scores, present, raws } = withNovelty(features.value, data.state);
  const count = present?.filter(Boolean).length;
  return (
    <Panel
      title={t("quantum.strip")}
      area="strip"
      source={t("quantum.stripSource", { count: count ?? "—" })}
      at={features.at}
      staleAfter={10_000}
    >
      <Body data={features} empty={!scores} emptyText={t("quantum.stripEmpty")}>
        <ul className="strip">
          {DIMENSIONS.map((dimension, index) => (
            <Bar
              key={dimension.letter}
              index={index}
              score={scores?.[index]}
              raw={raws?.[index]}
              present={present?.[index] ?? false}
              absent={features.value?.absent?.[dimension.letter]}
            />
          ))}
        </ul>
      </Body>
    </Panel>
  );
}

interface BarProps {
  index: number;
  score: number | undefined;
  raw: number | null | undefined;
  present: boolean;
  absent: string | undefined;
}

function Bar({ index, score, raw, present, absent }: BarProps) {
  const { t, language } = useText();
  const dimension = DIMENSIONS[index];
  if (!dimension) return null;
  const name = nameOf(dimension, language);
  const value = present ? fixed(score, 2, language, true) : t(`quantum.absent.${absent ?? "unknown"}`);
  const share = present ? Math.max(-1, Math.min(1, (score ?? 0) / CLIP)) : 0;
  const title = `${dimension.letter} ${name}: z ${value}${present ? ` · ${fixed(raw, 4, language)}` : ""}`;
  return (
    <li className={present ? "" : "masked"} title={title}>
      <span className="sr">{title}</span>
      <span className="strip-bar" aria-hidden="true">
        <i
          className={share >= 0 ? "pos" : "neg"}
          style={{ transform: `scaleY(${Math.abs(share).toFixed(3)})` }}
        />
      </span>
      <b aria-hidden="true">{dimension.letter}</b>
      <span className="strip-name" aria-hidden="true">
        {name}
      </span>
    </li>
  );
}
