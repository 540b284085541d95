import type { Card, Desk } from "../desk";
import type { Delivery } from "../wire";
import { drawCard } from "./card";
import type { Words } from "./words";

export interface Cards {
  add(card: Card): void;
  /** While the panel is open, cards wait. */
  pause(paused: boolean): void;
  clear(): void;
}

/** Shows one card at a time, the oldest first, each id once in this page. */
export function createCards(place: HTMLElement, words: Words): Cards {
  const known = new Set<string>();
  let waiting: Card[] = [];
  let paused = false;

  const show = (): void => {
    const card = paused ? undefined : waiting[0];
    if (!card) return place.replaceChildren();
    if (place.firstElementChild?.id === card.id) return;
    const drawn = drawCard(card, words, () => {
      waiting = waiting.filter((other) => other !== card);
      show();
    });
    drawn.id = card.id;
    place.replaceChildren(drawn);
    card.seen?.();
  };
  return {
    add(card) {
      if (known.has(card.id)) return;
      known.add(card.id);
      waiting.push(card);
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

/** Ids that were answered or dismissed; they never come back, whatever the server sends. */
const REMEMBERED = 100;

/**
 * The card of an auto-message, or null if it had its time. It is kept until it is answered or dismissed, so that it
 * follows the visitor from page to page.
 */
export function cardOf(desk: Desk, delivery: Delivery, answer: () => void): Card | null {
  const { id, from, content, expires_at } = delivery;
  const gone = desk.store.get<string[]>("gone") ?? [];
  if (gone.includes(id) || (expires_at && Date.parse(expires_at) < Date.now())) return null;
  const others = keptDeliveries(desk).filter((other) => other.id !== id);
  desk.store.set("cards", [...others, delivery]);
  const report = (what: string): void => {
    const url = `${desk.settings.host}/messenger/v1/deliveries/${id}/${what}`;
    const headers = { authorization: `Bearer ${desk.token()}` };
    fetch(url, { method: "POST", headers, keepalive: true, credentials: "omit" }).catch(() => {});
  };
  const leave = (): void => {
    desk.store.set("gone", [...(desk.store.get<string[]>("gone") ?? []), id].slice(-REMEMBERED));
    desk.store.set("cards", keptDeliveries(desk).filter((other) => other.id !== id));
  };
  return {
    id,
    from,
    text: content.text,
    label: content.reply_label,
    seen: () => report("seen"),
    answer() {
      leave();
      report("clicked");
      answer();
    },
    dismiss() {
      leave();
      report("dismissed");
    },
  };
}

/** Auto-messages that were shown on an earlier page and still stand. */
export function keptDeliveries(desk: Desk): Delivery[] {
  return desk.store.get<Delivery[]>("cards") ?? [];
}
