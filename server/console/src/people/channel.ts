import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Touch } from "../api/types.ts";

/** The channels that we name; a campaign's own word for its medium is shown as it is. */
const CHANNELS: Record<string, MessageDescriptor> = {
  direct: msg`Direct`,
  organic: msg`Organic search`,
  organic_search: msg`Organic search`,
  paid: msg`Paid search`,
  paid_search: msg`Paid search`,
  referral: msg`Referral`,
  social: msg`Social`,
  email: msg`E-mail`,
  display: msg`Display ads`,
  affiliate: msg`Affiliate`,
  offline: msg`Offline`,
  campaign: msg`Campaign`,
  other: msg`Other`,
};

export function channelName(channel: string, i18n: I18n): string {
  const known = CHANNELS[channel];
  return known === undefined ? channel : i18n._(known);
}

/** "google / cpc / autumn-bells": what the UTM of an arrival said, empty when it said nothing. */
export function campaignWords(touch: Touch): string {
  const said = [touch.source, touch.medium, touch.campaign, touch.term, touch.content];
  return said.filter((each) => each !== null && each !== "").join(" / ");
}
