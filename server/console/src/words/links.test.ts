import { describe, expect, it } from "vitest";
import { linked } from "./links.ts";

function addresses(text: string): (string | null)[] {
  return linked(text)
    .map((piece) => piece.href)
    .filter((href) => href !== null);
}

describe("an address in a text", () => {
  it.each([
    ["see https://a.example/x?y=1.", ["https://a.example/x?y=1"]],
    ["看 https://a.example/价格，谢谢", ["https://a.example/价格"]],
    ["(http://a.example) and https://b.example", ["http://a.example", "https://b.example"]],
    ["javascript:alert(1) data:text/html,x", []],
    ["nothing here", []],
  ])("of %j", (text, expected) => {
    expect(addresses(text)).toEqual(expected);
  });

  it("loses no letter of the text", () => {
    const text = "a https://b.example/c. d https://e.example f";
    expect(
      linked(text)
        .map((piece) => piece.text)
        .join(""),
    ).toBe(text);
  });
});
