import { describe, expect, test, vi } from "vitest";

vi.mock("@/state/prefs", () => ({ usePrefs: { getState: () => ({ set: () => undefined }) } }));

const { COMMANDS, commandFor } = await import("./registry");
const press = (key: string, modifiers: { ctrlKey?: boolean; shiftKey?: boolean } = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  ...modifiers,
});

describe("command registry", () => {
  test("ids and shortcuts are unique", () => {
    const ids = COMMANDS.map((command) => command.id);
    const keys = COMMANDS.flatMap((command) => command.keys ?? []);
    expect(new Set(ids).size).toBe(ids.length);
    expect(new Set(keys).size).toBe(keys.length);
  });
  test("control K opens the palette and g then t goes to the trade page", () => {
    expect(commandFor(press("k", { ctrlKey: true }), "")?.id).toBe("palette");
    expect(commandFor(press("t"), "g")?.id).toBe("go.trade");
    expect(commandFor(press("t"), "")).toBeUndefined();
  });
  test("control shift X reaches the kill control", () => {
    expect(commandFor(press("X", { ctrlKey: true, shiftKey: true }), "")?.id).toBe("kill");
  });
});
