/** Languages: two complete dictionaries of the same keys; everything on screen comes from here. */

import i18next from "i18next";
import { useCallback } from "react";
import { initReactI18next, useTranslation } from "react-i18next";
import { type Language, usePrefs } from "@/state/prefs";
import en from "./en.json";
import es from "./es.json";

export async function startLanguages(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    resources: { en: { translation: en }, es: { translation: es } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

export function setLanguage(language: Language): void {
  usePrefs.getState().set({ language });
  void i18next.changeLanguage(language);
}

export type Translate = (key: string, values?: Record<string, unknown>) => string;

/** Translation for code outside React (toasts of commands). */
export const say: Translate = (key, values) => String(i18next.t(key, values ?? {}));

/** Whether the dictionary of the present language has a text. */
export const hasText = (key: string) => i18next.exists(key);
export const languageNow = () => i18next.language;

export function useText(): {
  t: Translate;
  language: Language;
  maybe(key: string, fallback: string): string;
} {
  const { t: raw, i18n } = useTranslation();
  const t = useCallback<Translate>((key, values) => String(raw(key, values ?? {})), [raw]);
  const maybe = (key: string, fallback: string) => (i18n.exists(key) ? t(key) : fallback);
  return { t, language: i18n.language as Language, maybe };
}
