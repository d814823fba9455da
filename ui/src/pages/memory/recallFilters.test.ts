import { describe, expect, it } from "vitest";
import { NO_FILTERS, searchBody } from "./recallFilters";

describe("the body of a search", () => {
  it("sends nothing that was not asked for", () => {
    const body = JSON.parse(JSON.stringify(searchBody("gold", NO_FILTERS)));
    expect(body).toEqual({ text: "gold", limit: 10, filters: {} });
  });

  it("takes whole days of the person's own time, the last one included", () => {
    const form = { ...NO_FILTERS, kind: "note", author: " Ana ", since: "2023-05-01", until: "2023-05-31" };
    const body = searchBody("gold", form) as { filters: Record<string, unknown>; kinds: string[] };
    expect(body.kinds).toEqual(["note"]);
    expect(body.filters.authors).toEqual(["Ana"]);
    expect(body.filters.since).toBe(new Date("2023-05-01T00:00:00").toISOString());
    expect(body.filters.until).toBe(new Date("2023-06-01T00:00:00").toISOString());
  });
});
