import { describe, expect, test, vi } from "vitest";
import { eachOnAFreshPage, kept, open, running, SETTINGS, server, wait } from "../testing/opened";
import { blockStorage, setHidden } from "../testing/page";
import { createFrontdesk } from "./frontdesk";

eachOnAFreshPage();

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

  test("whose events the site leaves out stays who they are", async () => {
    const left = { body: { success: true, accepted: 0, dropped: { staff: 1 } } };
    server.answer(left, left, left, left);
    const { call } = open();
    for (const name of ["One", "Two", "Three"]) {
      await wait(1_000);
      call("track", [name]);
    }
    await wait(1_000);
    expect(new Set(server.events.map(({ anonymousId }) => anonymousId)).size).toBe(1);
    expect(server.events).toHaveLength(4);
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

  test("a yes goes with every batch, and outlives the person who logs out", async () => {
    vi.stubGlobal("navigator", Object.create(navigator, { globalPrivacyControl: { value: true } }));
    const { call } = open();
    call("consent", ["granted"]);
    await wait(1_000);
    call("reset", []);
    await wait(1_000);
    for (const frontdesk of running.splice(0)) frontdesk.call("destroy", []);
    open({ consent: "pending" });
    await wait(1_000);
    const batches = server.heard.filter(({ path }) => path === "/v1/batch");
    expect(batches.length).toBeGreaterThan(2);
    for (const { body } of batches) {
      expect(body.context).toMatchObject({ consent: { categoryPreferences: { Analytics: true } } });
    }
  });

  test("a yes before there are settings counts", async () => {
    const frontdesk = createFrontdesk();
    frontdesk.call("consent", ["granted"]);
    frontdesk.begin({ ...SETTINGS, consent: "pending" });
    running.push(frontdesk);
    await wait(1_000);
    expect(server.heard[0]?.body.context).toMatchObject({
      consent: { categoryPreferences: { Analytics: true } },
    });
  });

  test("where nobody was asked, nothing is claimed", async () => {
    open();
    await wait(1_000);
    expect(server.heard[0]?.body.context).toMatchObject({ consent: null });
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
