import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { PersonEvent } from "../api/types.ts";
import { localeTag } from "../words/language.ts";
import { span } from "../words/time.ts";

export interface EventWords {
  readonly title: string;
  readonly more: string;
}

function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function properties(event: PersonEvent): string {
  const said = Object.entries(event.properties).map(
    ([name, value]) => `${name}: ${text(value) || JSON.stringify(value)}`,
  );
  return said.slice(0, 4).join(" · ");
}

function dwell(event: PersonEvent, i18n: I18n): string {
  const ms = event.properties.dwell_ms;
  return typeof ms === "number" ? span(ms, localeTag(i18n.locale)) : "";
}

function path(event: PersonEvent): string {
  return event.path ?? text(event.properties.path);
}

/** The events that the probe itself sends; everything else is the site's own and keeps its name. */
const OWN: Record<string, (event: PersonEvent, i18n: I18n) => EventWords> = {
  "Page Dwell": (event, i18n) => {
    const time = dwell(event, i18n);
    return { title: i18n._(msg`Stayed ${time}`), more: path(event) };
  },
  "Page Left": (event, i18n) => {
    const time = dwell(event, i18n);
    return { title: i18n._(msg`Left after ${time}`), more: path(event) };
  },
};

const TYPES: Record<string, (event: PersonEvent, i18n: I18n) => EventWords> = {
  page: (event) => ({ title: event.title || path(event), more: path(event) }),
  screen: (event) => ({ title: event.name ?? path(event), more: "" }),
  identify: (_, i18n) => ({ title: i18n._(msg`Said who they are`), more: "" }),
  group: (_, i18n) => ({ title: i18n._(msg`Joined a company`), more: "" }),
  alias: (_, i18n) => ({ title: i18n._(msg`Two records became one`), more: "" }),
};

export function eventWords(event: PersonEvent, i18n: I18n): EventWords {
  const words = TYPES[event.type] ?? OWN[event.name ?? ""];
  return words === undefined
    ? { title: event.name ?? event.type, more: properties(event) }
    : words(event, i18n);
}
