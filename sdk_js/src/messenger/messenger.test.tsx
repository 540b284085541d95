import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Card, Desk, Messenger, Shell } from "../desk";
import { createBus } from "../probe/bus";
import { openStore } from "../probe/store";
import { FakeDesk } from "../testing/fake_desk";
import { freshPage } from "../testing/page";
import type { Delivery } from "../wire";
import { startMessenger } from "./messenger";

describe("the messenger", () => {
  let server: FakeDesk;
  let messenger: Messenger;
  let cards: Card[];
  let place: HTMLElement;
  const bus = createBus();
  const desk: Desk = {
    settings: { key: "pk_1", host: "https://desk.example", name: "Bellshop" },
    language: "en",
    store: openStore(() => localStorage, "m."),
    tab: openStore(() => sessionStorage, "m."),
    token: () => "vt_1",
    epoch: () => 0,
    page: () => ({ url: "https://shop.example/pricing", title: "Pricing", dwell_ms: 61_000 }),
    load: async () => undefined as never,
    say: bus.say,
    on: bus.on,
    forget() {},
  };
  const delivery = {
    id: "dlv_1",
    from: { name: "Bellshop", avatar: null },
    content: { text: "Comparing plans?" },
  } as Delivery;
  const find = <E extends HTMLElement>(name: string): E | null =>
    place.querySelector<E>(`[data-testid="${name}"]`);
  const settle = (ms = 20): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
  const standings = (): (string | undefined)[][] =>
    [...place.querySelectorAll<HTMLElement>('[data-testid="message"]')].map(({ dataset }) => [
      dataset.kind,
      dataset.state,
    ]);
  const start = async (): Promise<void> => {
    const host = document.createElement("div");
    document.body.replaceChildren(host);
    const root = host.attachShadow({ mode: "open" });
    place = document.createElement("div");
    place.style.setProperty("--brand", "#0e7c6b");
    root.append(place);
    cards = [];
    const shell: Shell = {
      root,
      place,
      unread() {},
      preview: (card) => cards.push(card),
      deliver() {},
      opened() {},
    };
    messenger = await startMessenger(desk, shell);
    await settle();
  };
  const write = async (text: string): Promise<void> => {
    const field = find<HTMLTextAreaElement>("composer") as HTMLTextAreaElement;
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await settle();
  };
  const press = async (key: string, more: KeyboardEventInit = {}): Promise<void> => {
    find("composer")?.dispatchEvent(
      new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
    );
    await settle();
  };

  beforeEach(async () => {
    freshPage();
    vi.stubGlobal(
      "WebSocket",
      class {
        close(): void {}
      },
    );
    vi.stubGlobal("matchMedia", () => ({ matches: true }));
    server = new FakeDesk();
    await start();
  });
  afterEach(() => {
    messenger.stop();
    vi.unstubAllGlobals();
  });

  test("greets, and says how soon an answer may come", async () => {
    messenger.open();
    await settle();
    expect(find("panel")?.getAttribute("aria-label")).toBe("Chat with Bellshop");
    expect(find("panel")?.textContent).toContain("We usually reply in a few minutes");
  });

  test("makes a conversation of the reply to an auto-message", async () => {
    messenger.open({ delivery });
    await settle();
    expect(standings()).toEqual([["rule", undefined]]);
    await write("Thirty people");
    await press("Enter");
    expect(standings()).toEqual([
      ["rule", undefined],
      ["visitor", "sent"],
    ]);
    expect(server.parts.map(({ body }) => body)).toEqual(["Comparing plans?", "Thirty people"]);
  });

  test("breaks the line with Shift, and leaves Enter to those who compose a word", async () => {
    messenger.open({ text: "你好" });
    await settle();
    await press("Enter", { shiftKey: true });
    await press("Enter", { isComposing: true });
    expect(server.parts).toEqual([]);
    await press("Enter");
    expect(server.parts).toHaveLength(1);
  });

  test("keeps a draft over a reload, and the panel where it was", async () => {
    messenger.open({ text: "" });
    await settle();
    await write("half a senten");
    messenger.stop();
    await start();
    expect(find<HTMLTextAreaElement>("composer")?.value).toBe("half a senten");
  });

  test("sends once what was written offline, also after a reload", async () => {
    server.line = "down";
    messenger.open({ text: "Hello?" });
    await settle();
    await press("Enter");
    expect(standings()).toEqual([["visitor", "sending"]]);
    messenger.stop();
    server.line = "up";
    await start();
    expect(standings()).toEqual([["visitor", "sent"]]);
    await settle(60_000);
    expect(server.parts.map(({ body }) => body)).toEqual(["Hello?"]);
  });

  test("does not send twice when only the answer was lost", async () => {
    server.line = "deaf";
    messenger.open({ text: "Hello?" });
    await settle();
    await press("Enter");
    server.line = "up";
    await settle(60_000);
    expect(server.parts).toHaveLength(1);
    expect(standings()).toEqual([["visitor", "sent"]]);
  });

  test("keeps the order of what was written while nothing got through", async () => {
    server.line = "down";
    messenger.open({ text: "One" });
    await settle();
    await press("Enter");
    await write("Two");
    await press("Enter");
    server.line = "up";
    await settle(60_000);
    expect(server.parts.map(({ body }) => body)).toEqual(["One", "Two"]);
  });

  test("says what the server declined, and tries again only when asked", async () => {
    server.line = 422;
    messenger.open({ text: "Hello?" });
    await settle();
    await press("Enter");
    expect(standings()).toEqual([["visitor", "failed"]]);
    server.line = "up";
    await settle(60_000);
    expect(server.parts).toEqual([]);
    place.querySelector<HTMLElement>(".meta button")?.click();
    await settle();
    expect(standings()).toEqual([["visitor", "sent"]]);
  });

  test("shows beside the bell what a teammate says while the panel is closed, and opens it there", async () => {
    server.say("Hello?", "visitor");
    server.say("Hi, how can I help?", "teammate");
    messenger.stop();
    await start();
    expect(cards).toMatchObject([{ text: "Hi, how can I help?", from: { name: "Li Na" } }]);
    cards[0]?.answer();
    await settle();
    expect(standings()).toEqual([
      ["visitor", "sent"],
      ["teammate", undefined],
    ]);
    expect(server.asked).toContain("POST /conversations/cnv_1/read");
  });

  test("shows text as text", async () => {
    server.say("<img src=x onerror=alert(1)>", "teammate");
    messenger.open({ conversation: "cnv_1" });
    await settle();
    expect(place.querySelector(".body")?.textContent).toBe("<img src=x onerror=alert(1)>");
    expect(place.querySelector(".body img")).toBeNull();
  });

  test("closes with Escape and keeps its keys from the host", async () => {
    const host = vi.fn();
    document.addEventListener("keydown", host);
    messenger.open({ text: "" });
    await settle();
    await press("Escape");
    expect(find("panel")).toBeNull();
    expect(host).not.toHaveBeenCalled();
    document.removeEventListener("keydown", host);
  });

  test("shows nothing of the person before", async () => {
    server.say("My secret", "visitor");
    messenger.open({ conversation: "cnv_1" });
    await settle();
    server.parts = [];
    server.conversations = [];
    bus.say("reset");
    await settle();
    expect(place.textContent).not.toContain("My secret");
  });
});
