import { describe, expect, test } from "vitest";
import { contrast, luminance, READABLE, textOn } from "./colour";
import { initials } from "./initials";
import { legible } from "./legible";

const BRANDS = ["#0e7c6b", "#ffd400", "#ffffff", "#000000", "#777777", "#e91e63", "#00bcd4"];

test.each([
  ["#000000", "#ffffff", 21],
  ["#777777", "#ffffff", 4.48],
  ["#ffffff", "#ffffff", 1],
])("contrast of %s and %s is %s", (one, other, expected) => {
  expect(contrast(luminance(one), luminance(other))).toBeCloseTo(expected, 1);
});

describe("text", () => {
  test.each(BRANDS)("on %s can be read", (brand) => {
    expect(contrast(luminance(brand), luminance(textOn(brand)))).toBeGreaterThan(4);
  });

  test.each(BRANDS)("of %s can be read on light and dark", (brand) => {
    for (const [paper, end] of [
      ["#ffffff", "#1d1f24"],
      ["#1b1d21", "#ffffff"],
    ] as const) {
      expect(contrast(luminance(legible(brand, paper, end)), luminance(paper))).toBeGreaterThanOrEqual(
        READABLE,
      );
    }
  });

  test("of a brand that reads already keeps it", () => {
    expect(legible("#0e7c6b", "#ffffff", "#1d1f24")).toBe("#0e7c6b");
  });
});

test.each([
  ["Li Na", "LN"],
  ["Mara van der Berg", "MB"],
  ["bellshop", "B"],
  ["李娜", "李娜"],
  ["欧阳小明", "小明"],
  ["Chen Wei (Demo)", "CW"],
  ["苏婉（演示）", "苏婉"],
  ["", ""],
])("initials of %s are %s", (name, expected) => {
  expect(initials(name)).toBe(expected);
});
