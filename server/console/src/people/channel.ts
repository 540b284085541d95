import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Touch } from "../api/types.ts";

/** The channels that the server tells apart; one that it adds later is shown by its code. */
const CHANNELS: Record<string, MessageDescriptor> = {
  direct: msg`Direct`,
  organic_search: msg`Organic search`,
  paid_search: msg`Paid search`,
  organic_social: msg`Social`,
  paid_social: msg`Paid social`,
  paid_other: msg`Paid, other`,
  display: msg`Display ads`,
  referral: msg`Referral`,
  email: msg`E-mail`,
  affiliates: msg`Affiliates`,
  sms: msg`SMS`,
  offline: msg`Offline`,
};

export function channelName(channel: string, i18n: I18n): string {
  const known = CHANNELS[channel];
  return known === undefined ? channel : i18n._(known);
}

/** "google / cpc / autumn-bells": what the UTM of an arrival said, empty when it said nothing. */
export function campaignWords(touch: Touch): string {
  const said = [touch.source, touch.medium, touch.campaign, touch.term, touch.content];
  return said.filter(Boolean).join(" / ");
}
