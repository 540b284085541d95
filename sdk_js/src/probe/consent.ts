import type { Store } from "../desk";
import type { Consent, Settings } from "../wire";

/**
 * What we may do before the host says anything: what this visitor granted earlier, else what the site is set to,
 * unless the browser sends Global Privacy Control. Only a grant is ever remembered: a "no" stores nothing.
 */
export function consentAtFirst(settings: Settings, store: Store): Consent {
  if (store.get("consent")) return "granted";
  if ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return "denied";
  return settings.consent ?? "granted";
}
