import { expect, test } from "vitest";
import { campaignOf } from "./campaign";

test.each([
  ["nothing", "", undefined],
  ["other parameters", "?q=shoes&page=2", undefined],
  [
    "UTM in the names of the Segment spec",
    "?utm_source=google&utm_medium=cpc&utm_campaign=spring&utm_term=a&utm_content=b",
    { campaign: { source: "google", medium: "cpc", name: "spring", term: "a", content: "b" } },
  ],
  ["a click id", "?gclid=Cj0", { click_ids: { gclid: "Cj0" } }],
  ["both", "?utm_source=baidu&bd_vid=77", { campaign: { source: "baidu" }, click_ids: { bd_vid: "77" } }],
  ["the first of two", "?utm_source=one&utm_source=two", { campaign: { source: "one" } }],
  ["empty values as absent", "?utm_source=", undefined],
])("finds %s", (_, search, expected) => {
  expect(campaignOf(search)).toEqual(expected);
});

test("does not swallow endless values", () => {
  expect(campaignOf(`?utm_source=${"x".repeat(9_000)}`)?.campaign?.source).toHaveLength(500);
});
