import type { I18n, MessageDescriptor } from "@lingui/core";
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

/** Why a decision held, by the stage that said no. Codes that we do not know yet are shown as they are. */
const REASONS: Record<string, MessageDescriptor> = {
  not_triggered: msg`The trigger is another one`,
  paused: msg`The rule is paused`,
  not_matched: msg`The condition did not hold`,
  unknown: msg`The condition asks for something not known yet`,
  no_subject: msg`No session or conversation to count by`,
  repeated: msg`It had already acted for them`,
  lost_to: msg`Another rule of its group went first`,
  conversation_open: msg`They were in a conversation`,
};

export function reasonWords(code: string | null, i18n: I18n): string {
  if (code === null) return "";
  const known = REASONS[code.toLowerCase()];
  return known === undefined ? code.replaceAll("_", " ").toLowerCase() : i18n._(known);
}
