/** The line that the profit of approved parameters must stay above, and where it is now. Drawn as SVG: it has two numbers. */

import { useText } from "@/i18n";
import { fixed, significant } from "@/lib/format";
import { pointsOf } from "./picture";

interface LineProps {
  label: string;
  line: [number, number][];
  watch: { hours: number; profit: number; lowest: number } | null;
}

const WIDTH = 640;
const HEIGHT = 180;

export default function Line({ label, line, watch }: LineProps) {
  const { t, language } = useText();
  const drawn = pointsOf(line, watch, WIDTH, HEIGHT);
  return (
    <figure className="watch-line">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
        <path d={drawn.below} className="watch-below" />
        <path d={drawn.zero} className="watch-zero" />
        <path d={drawn.line} className="watch-lowest" />
        {drawn.now && <circle cx={drawn.now[0]} cy={drawn.now[1]} r="5" className="watch-now" />}
      </svg>
      <figcaption className="muted">
        {t("research.lineCaption", {
          hours: significant(drawn.hours, 2, language),
          low: fixed(drawn.low, 2, language, true),
          high: fixed(drawn.high, 2, language, true),
        })}
      </figcaption>
    </figure>
  );
}
