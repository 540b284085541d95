import { expect, test } from "vitest";
import { type EarlyCall, SNIPPET } from "./snippet";

test("what is pasted keeps each call with its moment and page", () => {
  const stub = /<script>(.*?)<\/script>/.exec(SNIPPET)?.[1] as string;
  const frontdesk = new Function(
    "window",
    "location",
    "document",
    `${stub};var frontdesk=window.frontdesk;frontdesk.self=1;return frontdesk`,
  );
  const page = { frontdesk: undefined as unknown as { (...call: unknown[]): void; q: EarlyCall[] } };
  Object.assign(globalThis, {
    frontdesk: frontdesk(page, { href: "https://shop.example/" }, { title: "Shop" }),
  });
  page.frontdesk("track", "Early");
  expect(page.frontdesk.q).toMatchObject([
    [expect.any(Number), "https://shop.example/", "Shop", { 0: "track", 1: "Early" }],
  ]);
});

test("it loads the site's own probe", () => {
  expect(SNIPPET).toContain('<script async src="{{HOST}}/js/{{KEY}}.js"></script>');
});
