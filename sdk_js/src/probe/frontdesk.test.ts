import { describe, expect, test, vi } from "vitest";
import { eachOnAFreshPage, open, running, SETTINGS, server, wait } from "../testing/opened";
import { setHidden } from "../testing/page";
import { createFrontdesk } from "./frontdesk";
import { momentOf, pageOf } from "./page";

eachOnAFreshPage();

describe("a page", () => {
  test("is told once, with where it came from", async () => {
    open();
    await wait(1_000);
    expect(server.named("page")).toMatchObject([
      {
        anonymousId: expect.any(String),
        context: {
          page: {
            path: "/pricing",
            title: "Shop",
            url: expect.stringContaining("?utm_source=google&utm_campaign=spring"),
          },
        },
      },
    ]);
  });

  test("is told once more after each navigation, the page before as its referrer", async () => {
    open();
    await wait(1_000);
    history.pushState(null, "", "/docs");
    await wait(1_000);
    expect(server.named("page").map(({ context }) => context.page.path)).toEqual(["/pricing", "/docs"]);
    expect(server.named("page")[1]?.context.page.referrer).toContain("/pricing");
    expect(server.named("Page Left")).toMatchObject([{ properties: { path: "/pricing", dwell_ms: 1_000 } }]);
  });

  test("is told by the host alone where the site wants it so", async () => {
    const { call } = open({ pages: "manual" });
    await wait(1_000);
    expect(server.heard).toEqual([]);
    call("page", ["Pricing", { plan: "pro" }]);
    await wait(1_000);
    expect(server.named("page")).toMatchObject([{ name: "Pricing", properties: { plan: "pro" } }]);
  });

  test("that the host tells before we do is not told twice", async () => {
    const frontdesk = open();
    frontdesk.call("page", ["Pricing"]);
    await wait(1_000);
    expect(server.named("page")).toHaveLength(1);
  });

  test("tells its visible time when it goes, once", async () => {
    open();
    await wait(4_000);
    setHidden(true);
    window.dispatchEvent(new Event("pagehide"));
    expect(server.named("Page Left")).toMatchObject([{ properties: { path: "/pricing", dwell_ms: 4_000 } }]);
    expect(server.heard.at(-1)?.by).toBe("beacon");
  });

  test("reports dwell at the threshold the server named, and nothing of itself", async () => {
    server.answer({ body: { visitor_token: "vt_1", watch: { dwell_ms: [60_000] }, next_ms: 600_000 } });
    open();
    await wait(59_000);
    expect(server.named("Page Dwell")).toEqual([]);
    await wait(120_000);
    expect(server.named("Page Dwell")).toHaveLength(1);
  });
});

test("a page that is about to be left tells so, where rules ask for it, and leaves nothing in the page", async () => {
  server.answer({ body: { visitor_token: "vt_1", watch: { exit_intent: true }, next_ms: 600_000 } });
  const frontdesk = open();
  const leave = (): boolean => document.documentElement.dispatchEvent(new MouseEvent("mouseleave"));
  leave();
  await wait(1_000);
  expect(server.named("Exit Intent")).toEqual([]);
  leave();
  await wait(1_000);
  expect(server.named("Exit Intent")).toMatchObject([{ properties: { path: "/pricing", dwell_ms: 1_000 } }]);
  frontdesk.call("destroy", []);
  leave();
  await wait(1_000);
  expect(server.named("Exit Intent")).toHaveLength(1);
});

describe("presence", () => {
  const asked = (): number => server.heard.filter(({ path }) => path === "/v1/presence").length;

  test("is told at the server's pace while the page is visible", async () => {
    server.answer({ body: { visitor_token: "vt_1", next_ms: 10_000 } });
    server.usual = { body: { next_ms: 10_000 } };
    open();
    await wait(35_000);
    expect(asked()).toBe(3);
    setHidden(true);
    await wait(600_000);
    expect(asked()).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
    setHidden(false);
    await wait(10);
    expect(asked()).toBe(4);
  });

  test("with a token the server does not know makes a new visitor of us", async () => {
    server.answer(
      { body: { visitor_token: "vt_old", next_ms: 1_000 } },
      { status: 401 },
      { body: { visitor_token: "vt_new" } },
    );
    open();
    await wait(5_000);
    const [before, after] = server.named("page");
    expect(after?.anonymousId).not.toBe(before?.anonymousId);
    expect(document.cookie).toContain("vt_new");
  });
});

describe("calls", () => {
  test("made before the probe came keep their page and time", async () => {
    const frontdesk = createFrontdesk();
    running.push(frontdesk);
    const moment = momentOf(
      pageOf("", "https://shop.example/before", "Before"),
      Date.parse("2026-03-02T09:59:00Z"),
    );
    frontdesk.call("track", ["Early", { x: 1 }], moment);
    frontdesk.begin(SETTINGS);
    await wait(1_000);
    expect(server.named("Early")).toMatchObject([
      { timestamp: "2026-03-02T09:59:00.000Z", properties: { x: 1 }, context: { page: { path: "/before" } } },
    ]);
  });

  test.each([
    ["identify", ["u1", { plan: "pro" }], { type: "identify", userId: "u1", traits: { plan: "pro" } }],
    ["identify", [{ plan: "pro" }], { type: "identify", traits: { plan: "pro" } }],
    ["track", ["Paid", { total: 9 }], { type: "track", event: "Paid", properties: { total: 9 } }],
    ["group", ["acme", { seats: 5 }], { type: "group", groupId: "acme", traits: { seats: 5 } }],
    ["alias", ["u2"], { type: "alias", userId: "u2", previousId: expect.any(String) }],
    [
      "call",
      ["offer-help", { plan: "pro" }],
      { type: "track", event: "Rule Call", properties: { name: "offer-help", args: { plan: "pro" } } },
    ],
    ["trigger", ["Help wanted"], { type: "track", event: "Help wanted" }],
  ])("%s %j become events of the Segment spec", async (name, given, expected) => {
    open().call(name, given);
    await wait(1_000);
    expect(server.events).toContainEqual(expect.objectContaining(expected));
  });

  test.each([
    ["an unknown verb", "no such verb", []],
    [
      "what cannot be JSON",
      "track",
      [
        "Loop",
        (() => {
          const loop: Record<string, unknown> = {};
          loop.self = loop;
          return loop;
        })(),
      ],
    ],
    ["nothing at all", "identify", []],
    ["a listener that is none", "on", ["unread", null]],
  ])("with %s do not throw into the page", async (_, name, given) => {
    const { call } = open();
    expect(() => call(name, given)).not.toThrow();
    await wait(1_000);
    call("track", ["Still alive"]);
    await wait(1_000);
    expect(server.named("Still alive")).toHaveLength(1);
  });
});
