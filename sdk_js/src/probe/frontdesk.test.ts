import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { FakeServer } from "../testing/fake_server";
import { blockStorage, freshPage, setHidden } from "../testing/page";
import type { Settings } from "../wire";
import { createFrontdesk, type Frontdesk } from "./frontdesk";
import { momentOf, pageOf } from "./page";

const SETTINGS: Settings = { key: "pk_1", host: "https://desk.example" };
const AREAS = ["localStorage", "sessionStorage"].map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
);

let server: FakeServer;
const running: Frontdesk[] = [];
const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const open = (settings: Partial<Settings> = {}): Frontdesk => {
  const frontdesk = createFrontdesk();
  frontdesk.begin({ ...SETTINGS, ...settings });
  running.push(frontdesk);
  return frontdesk;
};
const kept = (): number => localStorage.length + sessionStorage.length + document.cookie.length;

beforeEach(() => {
  for (const [name, area] of AREAS) if (area) Object.defineProperty(globalThis, name, area);
  freshPage("/pricing?utm_source=google&utm_campaign=spring");
  server = new FakeServer();
});
afterEach(() => {
  for (const frontdesk of running.splice(0)) frontdesk.call("destroy", []);
  vi.unstubAllGlobals();
});

describe("a page", () => {
  test("is told once, with where it came from", async () => {
    open();
    await wait(1_000);
    expect(server.named("page")).toMatchObject([
      {
        anonymousId: expect.any(String),
        context: {
          page: { path: "/pricing", title: "Shop" },
          campaign: { source: "google", name: "spring" },
          landing: { url: expect.stringContaining("utm_source=google") },
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

describe("a person", () => {
  test("is named in all that follows", async () => {
    const { call } = open();
    call("identify", ["u1"]);
    call("track", ["Paid"]);
    await wait(1_000);
    expect(server.named("Paid")[0]?.userId).toBe("u1");
  });

  test("who logs out takes everything along", async () => {
    server.answer({ body: { visitor_token: "vt_first" } });
    const { call } = open();
    call("identify", ["u1"]);
    await wait(1_000);
    localStorage.setItem("frontdesk.pk_1.draft.new", '"my secret"');
    const first = server.events[0]?.anonymousId;
    call("reset", []);
    await wait(1_000);
    const last = server.events.at(-1);
    expect(last?.anonymousId).not.toBe(first);
    expect(last?.userId).toBeUndefined();
    expect(server.heard.at(-1)?.body.token).toBeUndefined();
    expect(localStorage.getItem("frontdesk.pk_1.draft.new")).toBeNull();
  });

  test("is never mixed with another who logs in without logging out", async () => {
    const { call } = open();
    call("identify", ["u1"]);
    await wait(1_000);
    call("identify", ["u2"]);
    await wait(1_000);
    const ids = new Map(server.named("identify").map(({ userId, anonymousId }) => [userId, anonymousId]));
    expect(ids.get("u1")).not.toBe(ids.get("u2"));
  });

  test("gets no token when the first answer was lost, and begins anew", async () => {
    server.answer({ body: {} }, { body: {} });
    const { call } = open();
    await wait(1_000);
    const { anonymousId } = server.events[0] ?? {};
    call("track", ["Two"]);
    await wait(2_000);
    expect(document.cookie).toContain("vt_usual");
    expect(document.cookie).not.toContain(anonymousId);
  });
});

describe("without consent", () => {
  test.each([["pending"], ["denied"]] as const)("%s: nothing is sent, nothing is stored", async (consent) => {
    const { call } = open({ consent });
    call("track", ["Anything"]);
    call("identify", ["u1"]);
    await wait(120_000);
    expect(server.heard).toEqual([]);
    expect(kept()).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("Global Privacy Control is a no", async () => {
    vi.stubGlobal("navigator", Object.create(navigator, { globalPrivacyControl: { value: true } }));
    open();
    await wait(5_000);
    expect(server.heard).toEqual([]);
    expect(kept()).toBe(0);
  });

  test("what was called meanwhile follows once it is given", async () => {
    const { call } = open({ consent: "pending" });
    call("track", ["Waiting"]);
    await wait(5_000);
    call("consent", ["granted"]);
    await wait(1_000);
    expect(server.named("Waiting")).toHaveLength(1);
    expect(server.named("page")).toHaveLength(1);
  });

  test("a no later takes everything back", async () => {
    const { call } = open();
    await wait(1_000);
    expect(kept()).toBeGreaterThan(0);
    call("consent", ["denied"]);
    const before = server.heard.length;
    call("track", ["Anything"]);
    await wait(120_000);
    expect(server.heard).toHaveLength(before);
    expect(kept()).toBe(0);
  });

  test("a yes is remembered", async () => {
    open({ consent: "pending" }).call("consent", ["granted"]);
    for (const frontdesk of running.splice(0)) frontdesk.call("destroy", []);
    open({ consent: "pending" });
    await wait(1_000);
    expect(server.named("page").length).toBeGreaterThan(0);
  });
});

test("where storage is blocked everything works from memory", async () => {
  blockStorage();
  server.answer({ body: { visitor_token: "vt_1" } });
  const { call } = open();
  await wait(1_000);
  call("track", ["Paid"]);
  await wait(1_000);
  expect(server.named("page")).toHaveLength(1);
  expect(server.named("Paid")[0]?.anonymousId).toBe(server.named("page")[0]?.anonymousId);
});

test("a prerendered page is silent until it is shown", async () => {
  Object.defineProperty(document, "prerendering", { value: true, configurable: true });
  open();
  await wait(5_000);
  expect(server.heard).toEqual([]);
  Object.defineProperty(document, "prerendering", { value: false, configurable: true });
  document.dispatchEvent(new Event("prerenderingchange"));
  await wait(1_000);
  expect(server.named("page")).toHaveLength(1);
});

test("destroy ends every timer, listener and request", async () => {
  server.answer({ body: { visitor_token: "vt_1", watch: { dwell_ms: [5_000] }, next_ms: 1_000 } });
  const before = history.pushState;
  const { call } = open();
  await wait(500);
  call("destroy", []);
  expect(vi.getTimerCount()).toBe(0);
  expect(history.pushState).toBe(before);
  const heard = server.heard.length;
  history.pushState(null, "", "/elsewhere");
  setHidden(true);
  window.dispatchEvent(new Event("pagehide"));
  await wait(120_000);
  expect(server.heard).toHaveLength(heard);
});

test("after destroy it can begin again", async () => {
  const frontdesk = open();
  await wait(1_000);
  frontdesk.call("destroy", []);
  frontdesk.begin(SETTINGS);
  await wait(1_000);
  expect(server.named("page")).toHaveLength(2);
});

test("a listener hears deliveries until it is taken off", async () => {
  const heard: string[] = [];
  const delivery = { id: "dlv_1", content: { text: "Hi" } };
  server.answer(
    { body: { visitor_token: "vt_1", deliveries: [delivery] } },
    { body: { deliveries: [delivery] } },
  );
  const { call } = open();
  const off = call("on", ["delivery", ({ id }: { id: string }) => heard.push(id)]) as () => void;
  await wait(1_000);
  off();
  call("track", ["Again"]);
  await wait(1_000);
  expect(heard).toEqual(["dlv_1"]);
});
