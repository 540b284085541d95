import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Actor, AssignmentDetail, ChangeDetail, Part } from "../api/types.ts";

/** What a system part says in one line, and what it opens to. */
export interface SystemSentence {
  readonly line: string;
  readonly reasons: readonly string[];
}

function isAssignment(detail: Part["detail"]): detail is AssignmentDetail {
  return detail !== null && detail !== undefined && "reasons" in detail;
}

function isChange(detail: Part["detail"]): detail is ChangeDetail {
  return detail !== null && detail !== undefined && "change" in detail;
}

function reasons(detail: AssignmentDetail, i18n: I18n): string[] {
  return detail.reasons.map((reason) => (i18n.locale === "zh" ? reason.text_zh : reason.text_en));
}

function target({ team, teammate }: AssignmentDetail): string | null {
  if (team !== null && teammate !== null) return `${teammate.name} · ${team.name}`;
  return teammate?.name ?? team?.name ?? null;
}

function ruleName({ rule, by }: AssignmentDetail, i18n: I18n): string {
  const name = i18n.locale === "zh" ? (rule?.name_zh ?? rule?.name) : rule?.name;
  return name ?? (by.kind === "rule" ? by.name : null) ?? "";
}

function routed(detail: AssignmentDetail, i18n: I18n): string {
  const to = target(detail) ?? "";
  const why = reasons(detail, i18n).join(i18n.locale === "zh" ? "，" : ", ");
  const rule = ruleName(detail, i18n);
  if (rule === "")
    return why === "" ? i18n._(msg`Assigned to ${to}`) : i18n._(msg`Assigned to ${to}: ${why}`);
  return why === ""
    ? i18n._(msg`Routed to ${to}: rule ${rule}`)
    : i18n._(msg`Routed to ${to}: rule ${rule}, ${why}`);
}

function handed(detail: AssignmentDetail, i18n: I18n): string {
  const by = detail.by.name ?? "";
  const to = target(detail);
  if (to === null) return i18n._(msg`${by} returned it to the queue`);
  if (detail.teammate?.name === by) return i18n._(msg`${by} took the conversation`);
  return i18n._(msg`${by} assigned it to ${to}`);
}

function assigned(detail: AssignmentDetail, i18n: I18n): string {
  if (detail.by.kind === "teammate") return handed(detail, i18n);
  if (target(detail) === null) return i18n._(msg`Waits in the queue`);
  return routed(detail, i18n);
}

const CHANGES = {
  closed: {
    anyone: () => msg`Closed`,
    by: (name: string) => msg`${name} closed the conversation`,
  },
  reopened: {
    anyone: () => msg`Open again`,
    by: (name: string) => msg`${name} reopened the conversation`,
  },
  tagged: {
    anyone: (tag: string) => msg`Tagged ${tag}`,
    by: (name: string, tag: string) => msg`${name} added the tag ${tag}`,
  },
  untagged: {
    anyone: (tag: string) => msg`Tag ${tag} removed`,
    by: (name: string, tag: string) => msg`${name} removed the tag ${tag}`,
  },
};

function named(by: Actor, i18n: I18n): string | null {
  if (by.name === null) return null;
  const { name } = by;
  return by.kind === "rule" ? i18n._(msg`Rule ${name}`) : name;
}

function changed(detail: ChangeDetail, i18n: I18n): string {
  const words = CHANGES[detail.change];
  const tag = detail.tag ?? "";
  const by = named(detail.by, i18n);
  return i18n._(by === null ? words.anyone(tag) : words.by(by, tag));
}

/** The sentence of a part that nobody spoke. A kind that we do not know yet is still shown. */
export function systemSentence(part: Part, i18n: I18n): SystemSentence {
  if (isAssignment(part.detail))
    return { line: assigned(part.detail, i18n), reasons: reasons(part.detail, i18n) };
  if (isChange(part.detail)) return { line: changed(part.detail, i18n), reasons: [] };
  if (part.kind === "rating") return { line: i18n._(msg`The visitor rated the conversation`), reasons: [] };
  return { line: part.body ?? i18n._(msg`Something changed`), reasons: [] };
}
