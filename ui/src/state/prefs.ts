/** What this browser prefers; kept in local storage, applied to <html> so that CSS follows. */

import { create } from "zustand";
import { persist } from "zustand/middleware";

export type Theme = "system" | "light" | "dark" | "contrast";
export type Language = "en" | "es";
export type UpDown = "teal" | "green" | "blue";

export interface Prefs {
  theme: Theme;
  language: Language;
  updown: UpDown;
  railCollapsed: boolean;
  symbol: string;
  welcomed: boolean;
  set(patch: Partial<Omit<Prefs, "set">>): void;
}

const startLanguage: Language =
  typeof navigator !== "undefined" && navigator.language.startsWith("es") ? "es" : "en";

export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      theme: "system",
      language: startLanguage,
      updown: "teal",
      railCollapsed: false,
      symbol: "",
      welcomed: false,
      set: (patch) => set(patch),
    }),
    { name: "qbtc.prefs" },
  ),
);

export function resolvedTheme(theme: Theme): "light" | "dark" | "contrast" {
  if (theme !== "system") return theme;
  return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function applyPrefs(prefs: Prefs): void {
  const root = document.documentElement;
  root.dataset.theme = resolvedTheme(prefs.theme);
  root.dataset.updown = prefs.updown;
  root.lang = prefs.language;
}
