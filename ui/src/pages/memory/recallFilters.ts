/** What narrows a recall, as the form has it and as CIO wants it. */

export interface RecallFilters {
  kind: string;
  author: string;
  since: string;
  until: string;
  knownAt: string;
}

export const NO_FILTERS: RecallFilters = { kind: "all", author: "", since: "", until: "", knownAt: "" };

/** The first moment of a day, or of the day after it, in the person's own time. */
function midnight(day: string, later = 0): string | undefined {
  if (!day) return undefined;
  const at = new Date(`${day}T00:00:00`);
  at.setDate(at.getDate() + later);
  return at.toISOString();
}

/** The body of a search; days are whole ones, the last day included. */
export function searchBody(text: string, form: RecallFilters): Record<string, unknown> {
  const filters = {
    authors: form.author.trim() ? [form.author.trim()] : undefined,
    since: midnight(form.since),
    until: midnight(form.until, 1),
    known_at: midnight(form.knownAt, 1),
  };
  return { text, limit: 10, filters, kinds: form.kind === "all" ? undefined : [form.kind] };
}
