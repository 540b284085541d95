/** UTM, the codes of what is printed, and click identifiers of the ad networks: with one, the visit came by a campaign. */
const MARK = /\b(utm_\w+|fd_code|\w*clk?id|[gw]braid|li_fat_id|bd_vid|gdt_vid)=[^&]+/g;

/** What tells one campaign from another in the query of an address. What it says, the server reads from the address. */
export function campaignOf(search: string): string | undefined {
  return search.match(MARK)?.sort().join();
}
