import type { Card, Desk } from "../desk";
import type { Delivery } from "../wire";
import { drawCard } from "./card";
import { make } from "./dom";
import type { Words } from "./words";

export interface Cards {
  add(card: Card): void;
  /** While the panel is open, cards wait. */
  pause(paused: boolean): void;
  clear(): void;
}

/** Shows one card at a time, the oldest first, each id once in this page. */
export function createCards(shell: HTMLElement, words: Words): Cards {
  const place = make("div", { class: "cards", "aria-live": "polite" });
  shell.prepend(place);
  const known = new Set<string>();
  let waiting: Card[] = [];
  let shown: Card | undefined;
  let paused = false;

  const leave = (): void => {
    waiting.shift();
    show();
  };
  const show = (): void => {
    const card = paused ? undefined : waiting[0];
    if (card === shown) return;
    shown = card;
    place.replaceChildren(...(card ? [drawCard(card, words, leave)] : []));
    card?.seen?.();
  };
  return {
    add(card) {
      if (!known.has(card.id)) waiting.push(card);
      known.add(card.id);
      show();
    },
    pause(now) {
      paused = now;
      show();
    },
    clear() {
      waiting = [];
      known.clear();
      show();
    },
  };
}

/** Ids of those that were answered or dismissed: they never come back, whatever the server sends. */
const REMEMBERED = 100;

/** Auto-messages that were shown and still stand, so that they follow the visitor from page to page. */
export function keptDeliveries({ store }: Desk): Delivery[] {
  return store.get("cards") ?? [];
}

/** The card of an auto-message, or null if it had its time, or is of a kind that we cannot draw: it is not seen then. */
export function cardOf(desk: Desk, delivery: Delivery, answer: () => void): Card | null {
  const { store, settings } = desk;
  const { id, kind, from, content, expires_at } = delivery;
  const gone = (): string[] => store.get("gone") ?? [];
  const keep = (...kept: Delivery[]): void =>
    store.set("cards", [...keptDeliveries(desk).filter((other) => other.id !== id), ...kept]);
  if (kind !== "chat" || gone().includes(id) || (expires_at && Date.parse(expires_at) < Date.now()))
    return keep() ?? null;
  keep(delivery);
  const report = (what: string): void => {
    fetch(`${settings.host}/messenger/v1/deliveries/${id}/${what}`, {
      method: "POST",
      headers: { authorization: `Bearer ${desk.token()}` },
      keepalive: true,
      credentials: "omit",
    }).catch(() => {});
  };
  const leave = (what: string): void => {
    store.set("gone", [...gone(), id].slice(-REMEMBERED));
    keep();
    report(what);
  };
  return {
    id,
    from,
    text: content.text,
    label: content.reply_label,
    seen: () => report("seen"),
    answer() {
      leave("clicked");
      answer();
    },
    dismiss: () => leave("dismissed"),
  };
}
