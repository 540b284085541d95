import type { Desk, Intent, Launcher, Messenger, Shell, StartMessenger } from "../desk";
import type { Delivery } from "../wire";
import { cardOf, createCards, keptDeliveries } from "./cards";
import { drawFrame } from "./frame";
import { wordsOf } from "./words";

/** Draws the bell and the cards, and brings the messenger when somebody means to use it. */
export function startLauncher(desk: Desk): Launcher {
  const words = wordsOf(desk.language);
  const frame = drawFrame(desk.settings, words);
  const { bell, root } = frame;
  let loading: Promise<Messenger> | null = null;
  let open = false;

  const shell: Shell = {
    root,
    place: frame.place,
    unread: frame.unread,
    preview: (card) => cards.add(card),
    deliver: (delivery) => deliver(delivery),
    opened(now) {
      open = now;
      frame.opened(now);
      cards.pause(now);
      desk.say(now ? "open" : "close");
    },
  };
  const messenger = (): Promise<Messenger> => {
    loading ??= desk
      .load<StartMessenger>(desk.settings.messenger as string)
      .then((start) => start(desk, shell))
      .catch((error) => {
        loading = null;
        throw error;
      });
    return loading;
  };
  const call = (intent?: Intent): void =>
    void messenger().then((ready) => ready.open(intent)).catch(() => {});
  const cards = createCards(frame.cards, words);
  const deliver = (delivery: Delivery): void => {
    const card = cardOf(desk, delivery, () => call({ delivery }));
    if (card) cards.add(card);
  };
  keptDeliveries(desk).forEach(deliver);

  bell.onpointerenter = bell.onfocus = () => void messenger().catch(() => {});
  bell.onclick = () => (open ? void messenger().then((ready) => ready.close()) : call());
  // A conversation is going on, or the panel was open on the page before.
  if (desk.tab.get("view") || desk.store.get("live")) messenger().catch(() => {});
  const stopReset = desk.on("reset", () => cards.clear());

  return {
    show: () => frame.show(true),
    hide: () => frame.show(false),
    open: (text) => call({ text }),
    deliver,
    unread: frame.unread,
    stop() {
      stopReset();
      loading?.then((ready) => ready.stop()).catch(() => {});
      frame.remove();
    },
  };
}
