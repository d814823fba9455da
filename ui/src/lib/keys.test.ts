import { expect, test } from "vitest";
import { stableKeys } from "./keys";

test("a row keeps its key when newer rows arrive, and equal rows have different keys", () => {
  const before = stableKeys(["b", "a", "a"], (row) => row);
  const after = stableKeys(["a", "c", "b", "a", "a"], (row) => row);
  expect(after.slice(2)).toEqual(before);
  expect(new Set(after).size).toBe(5);
});
