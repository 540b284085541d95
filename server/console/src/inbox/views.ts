import type { I18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { View, ViewKind } from "../api/types.ts";

const NAMES = {
  mine: msg`Mine`,
  unassigned: msg`Unassigned`,
  all: msg`All open`,
  team: msg`Team`,
  closed: msg`Closed`,
} satisfies Record<ViewKind, unknown>;

export function viewName(view: Pick<View, "name" | "kind">, i18n: I18n): string {
  return view.name ?? i18n._(NAMES[view.kind]);
}

export function viewPath(view: string, conversation?: string): string {
  const path = `/inbox/${encodeURIComponent(view)}`;
  return conversation === undefined ? path : `${path}/${encodeURIComponent(conversation)}`;
}
