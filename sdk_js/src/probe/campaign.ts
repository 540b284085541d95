/** Click identifiers of the ad networks: with one of them in the URL, the visit came from an ad. */
const CLICK_ID = /^(gclid|[gw]braid|fbclid|msclkid|ttclid|twclid|li_fat_id|bd_vid|gdt_vid)$/;

export interface Campaign {
  /** `utm_*`, in the names of the Segment spec: `utm_campaign` is `name`. */
  campaign?: Record<string, string>;
  click_ids?: Record<string, string>;
}

/** Longest value we take; click ids are the long ones. */
const LIMIT = 500;

/** What the query of a URL says about where the visit came from. */
export function campaignOf(search: string): Campaign | undefined {
  let found: Campaign | undefined;
  for (const [key, value] of new URLSearchParams(search)) {
    const utm = /^utm_(\w+)$/.exec(key)?.[1];
    const group = utm ? "campaign" : CLICK_ID.test(key) && "click_ids";
    if (!group || !value) continue;
    found ??= {};
    found[group] ??= {};
    found[group][utm === "campaign" ? "name" : (utm ?? key)] ??= value.slice(0, LIMIT);
  }
  return found;
}
