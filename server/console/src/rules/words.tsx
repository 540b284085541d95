import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import type { Language, RuleState } from "../api/types.ts";
import classes from "./RulesPage.module.css";

const STATES = {
  draft: msg`Draft`,
  shadow: msg`Shadow`,
  live: msg`Live`,
  paused: msg`Paused`,
  archived: msg`Archived`,
} satisfies Record<RuleState, MessageDescriptor>;

export function StatePill({ state }: { state: RuleState }) {
  const { i18n } = useLingui();
  return (
    <span className={classes.pill} data-state={state}>
      {i18n._(STATES[state] ?? state)}
    </span>
  );
}

/** A text that the server holds in our languages, in the reader's, else in the one there is. */
export function inWords(texts: Partial<Record<Language, string>>, locale: string): string {
  return texts[locale as Language] ?? texts.en ?? texts.zh ?? "";
}
