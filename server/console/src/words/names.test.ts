import { describe, expect, it } from "vitest";
import { country, hue, initials, languageName } from "./names.ts";

describe("initials", () => {
  it.each([
    ["Li Na (demo)", "LN"],
    ["王小铃（演示）", "王"],
    ["marta@example.com", "ME"],
    ["Teal Heron", "TH"],
    ["Inês", "I"],
    ["", "?"],
    ["(demo)", "?"],
  ])("of %j are %s", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe("names", () => {
  it("keep their colour", () => {
    expect(hue("Li Na")).toBe(hue("Li Na"));
    expect(hue("")).toMatch(/^#/);
  });

  it("of countries and languages are in the reader's words, and a broken code stays as it is", () => {
    expect(country("DE", "en")).toBe("Germany");
    expect(country("DE", "zh-CN")).toBe("德国");
    expect(country("not a code", "en")).toBe("not a code");
    expect(languageName("pt-PT", "en")).toBe("European Portuguese");
  });
});
