import { expect, test } from "vitest";
import es from "@/i18n/es.json";
import { changeLines, changeReason } from "./versionText";

const find = (key: string) => {
  const [part = "", ...rest] = key.split(".");
  return (es as unknown as Record<string, Record<string, string>>)[part]?.[rest.join(".")];
};
const t = (key: string, values: Record<string, unknown> = {}) =>
  String(find(key)).replace(/{{(\w+)}}/g, (_, name: string) => String(values[name]));
const SPANISH = {
  language: "es",
  t,
  maybe: (key: string, other: string) => (find(key) === undefined ? other : t(key)),
};

test("why a version was made is told in Spanish, with who undid it", () => {
  expect(changeReason("undo of version 3, by ana", SPANISH)).toBe("ana deshizo la versión 3");
  expect(changeReason("undo of version 3", SPANISH)).toBe("se deshizo la versión 3");
  expect(changeReason("50 outcomes learned", SPANISH)).toBe("resultados aprendidos: 50");
  expect(changeReason("the first outcomes", SPANISH)).toBe("los primeros resultados");
  expect(changeReason("gain +0.0120 (+0.0010 to +0.0200) on 50 events it had not seen", SPANISH)).toBe(
    "ganancia +0.0120 (+0.0010 a +0.0200) en 50 valoraciones que no había visto",
  );
  expect(changeReason("something else", SPANISH)).toBe("something else");
});

test("a changed weight has its name in words, a capability too, with its situation", () => {
  expect(
    changeLines(
      "words_near  1.014 -> 1.100\ntool:help @ asked by a person  none -> 0.667 of 1.0\ntrade:grid @ SOLUSDT trend_up  0.500 of 2.0 -> none",
      SPANISH,
    ),
  ).toBe(
    "palabras un turno más allá: 1.014 → 1.100\nHerramienta help, pedida por una persona: — → 0.667 (n = 1.0)\nOperación de grid, SOLUSDT tendencia alcista: 0.500 (n = 2.0) → —",
  );
  expect(changeLines("the first version", SPANISH)).toBe("la primera versión");
});
