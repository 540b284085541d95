import { expect, test } from "vitest";
import { campaignOf } from "./campaign";

test.each([
  ["nothing", ""],
  ["other parameters", "?q=shoes&page=2"],
  ["an empty value", "?utm_source=&page=2"],
  ["what only ends alike", "?my_utm_source=google&gclids=1"],
])("no campaign is %s", (_, search) => {
  expect(campaignOf(search)).toBeUndefined();
});

test.each([
  ["UTM", "?utm_source=google&utm_campaign=spring", "?utm_source=google&utm_campaign=summer"],
  ["a click id", "?gclid=Cj0", "?gclid=Cj1"],
  ["a code that is printed", "?fd_code=EXPO24", "?fd_code=EXPO25"],
  ["both", "?utm_source=baidu&bd_vid=77", "?utm_source=baidu&bd_vid=78"],
])("one campaign is told from another by %s", (_, one, other) => {
  expect(campaignOf(one)).not.toBe(campaignOf(other));
});

test("other parameters make no other campaign", () => {
  expect(campaignOf("?page=2&utm_source=google&q=a")).toBe(campaignOf("?utm_source=google"));
});
