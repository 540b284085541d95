import type { I18n, MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Touch } from "../api/types.ts";

/** The channels that the server tells apart; one that it adds later is shown by its code. */
const CHANNELS: Record<string, MessageDescriptor> = {
  direct: msg`Direct`,
  offline: msg`Offline`,
  cross_network: msg`Cross-network`,
  paid_shopping: msg`Paid shopping`,
  paid_search: msg`Paid search`,
  paid_social: msg`Paid social`,
  paid_video: msg`Paid video`,
  display: msg`Display ads`,
  paid_other: msg`Paid, other`,
  ai_assistant: msg`AI assistants`,
  organic_shopping: msg`Organic shopping`,
  organic_social: msg`Social`,
  organic_video: msg`Video`,
  organic_search: msg`Organic search`,
  referral: msg`Referral`,
  email: msg`E-mail`,
  affiliates: msg`Affiliates`,
  audio: msg`Audio`,
  sms: msg`SMS`,
  mobile_push: msg`Mobile push`,
  unassigned: msg`Unclassified`,
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
