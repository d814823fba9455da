/** Spans of one trace laid out as a waterfall; pure. */

import type { Span } from "@/api/types";
import { toMillis } from "@/lib/format";

export interface Bar {
  span: Span;
  depth: number;
  offset: number;
  milliseconds: number;
}

const startOf = (span: Span) => toMillis(span.start_ns ?? span.start) ?? 0;
const parentOf = (span: Span) => span.parent_id ?? span.parent_span_id ?? "";

function lengthOf(span: Span): number {
  if (span.duration_ms !== undefined) return span.duration_ms;
  const end = toMillis(span.end_ns);
  return end === null ? 0 : Math.max(0, end - startOf(span));
}

/** Bars in tree order with offsets from the first start; spans without a known parent are roots. */
export function layout(spans: Span[]): { bars: Bar[]; total: number } {
  const known = new Set(spans.map((span) => span.span_id));
  const children = new Map<string, Span[]>();
  for (const span of spans) {
    const parent = known.has(parentOf(span)) && parentOf(span) !== span.span_id ? parentOf(span) : "";
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  const first = Math.min(...spans.map(startOf));
  const bars: Bar[] = [];
  const visit = (parent: string, depth: number) => {
    const list = (children.get(parent) ?? []).sort((a, b) => startOf(a) - startOf(b));
    for (const span of list) {
      bars.push({
        span,
        depth,
        offset: span.offset_ms ?? startOf(span) - first,
        milliseconds: lengthOf(span),
      });
      visit(span.span_id, depth + 1);
    }
  };
  visit("", 0);
  const total = Math.max(0.001, ...bars.map((bar) => bar.offset + bar.milliseconds));
  return { bars, total };
}
