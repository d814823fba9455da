import { renderToStaticMarkup } from "react-dom/server";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { stateOfText, type TextState } from "@/api/texts";
import { startLanguages } from "@/i18n";
import { Answer } from "./TextState";

vi.mock("@/state/prefs", () => ({ usePrefs: Object.assign(() => ({}), { getState: () => ({}) }) }));

const row = (letter: string, value: number | null) => ({
  letter,
  name: letter,
  measures: "",
  unit: "",
  defined: value !== null,
  value,
  score: value,
});
const MADE: TextState = {
  state_id: "1",
  label: "firm",
  intensity: 2.5,
  state_hash: "ab",
  text: { language: "es", dimensions: [row("A", 0.25), row("J", null)] },
};

beforeAll(() => startLanguages("en"));
afterEach(() => vi.unstubAllGlobals());

describe("the state of a text", () => {
  test("shows each number with its name, what is not said in words, and what is like it", () => {
    const near = [{ state_id: "2", label: "earlier", signed: 0.875 }];
    const page = renderToStaticMarkup(<Answer found={{ made: MADE, near }} />);
    for (const text of [
      "A Advance",
      "0.250",
      "J Joint",
      "not said",
      "firm",
      "earlier",
      "0.875",
      "Spanish; 1 of 26",
    ])
      expect(page).toContain(text);
  });
  test("asks for no label and no language where none is given, and leaves the text itself out of what is near", async () => {
    const asked: [string, Record<string, unknown>][] = [];
    vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
      asked.push([path, JSON.parse(String(init.body))]);
      const found = { items: [{ state_id: "1" }, { state_id: "2" }] };
      return Response.json(path.endsWith("/search") ? found : MADE);
    });
    const found = await stateOfText({ text: "No.", language: "", label: " " });
    expect(found.near.map((each) => each.state_id)).toEqual(["2"]);
    expect(asked.map(([, body]) => body)).toEqual([{ text: "No." }, { text: "No.", k: 6 }]);
    await stateOfText({ text: "No.", language: "es", label: "x" });
    expect(asked[2]?.[1]).toEqual({ text: "No.", language: "es", label: "x" });
  });
});
