import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

const slots = (text: string): string[] => text.match(/\{\w+\}/g) ?? [];

test.each(Object.keys(en) as (keyof typeof en)[])("“%s” is said in Chinese, with the same slots", (key) => {
  expect(zh[key]).toMatch(/\p{Script=Han}/u);
  expect(slots(zh[key])).toEqual(slots(en[key]));
});

test("nothing is shouted", () => {
  expect(Object.values({ ...en, ...zh }).join("")).not.toMatch(/[!！]/);
});
