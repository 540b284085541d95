import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Role } from "../api/types.ts";

const ROLES = {
  owner: msg`Owner`,
  admin: msg`Admin`,
  member: msg`Member`,
  viewer: msg`Viewer`,
} satisfies Record<Role, MessageDescriptor>;

export function roleName(role: Role, i18n: I18n): string {
  return i18n._(ROLES[role] ?? role);
}
