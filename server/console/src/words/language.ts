import { i18n, type Messages } from "@lingui/core";
import type { Language } from "../api/types.ts";
import { keep, recall } from "../live/storage.ts";

const CATALOGS: Record<Language, () => Promise<{ messages: Messages }>> = {
  en: () => import("../locales/en/messages.po"),
  zh: () => import("../locales/zh/messages.po"),
};

/** The tag that Intl and the `lang` attribute get. */
export const TAGS: Record<Language, string> = { en: "en", zh: "zh-CN" };

/** Each language by its own name. */
export const NAMES: Record<Language, string> = { en: "English", zh: "简体中文" };

/** The languages as a choice. */
export const LANGUAGES = (["en", "zh"] as const).map((language) => ({
  value: language,
  label: NAMES[language],
}));

const KEY = "frontdesk.language";

/** What the teammate chose in this browser, else what the browser speaks, else English. */
export function preferredLanguage(spoken: readonly string[] = navigator.languages): Language {
  const chosen = recall(KEY);
  if (chosen === "en" || chosen === "zh") return chosen;
  const first = spoken.find((tag) => /^(zh|en)\b/i.test(tag));
  return first?.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** Loads the words of one language and speaks it from now on. */
export async function speak(language: Language): Promise<void> {
  const { messages } = await CATALOGS[language]();
  i18n.loadAndActivate({ locale: language, messages });
  document.documentElement.lang = TAGS[language];
  keep(KEY, language);
}

export function localeTag(locale: string): string {
  return TAGS[locale as Language] ?? locale;
}
