import type { Desk, Intent, Launcher, Messenger, Shell, StartMessenger } from "../desk";
import type { Delivery } from "../wire";
import { cardOf, createCards, keptDeliveries } from "./cards";
import { drawFrame } from "./frame";
import { wordsOf } from "./words";

/** Draws the bell and the cards, and brings the messenger when somebody means to use it. */
export function startLauncher(desk: Desk): Launcher {
  const words = wordsOf(desk.language);
  const { bell, place, root, ...frame } = drawFrame(desk.settings, words);
  const cards = createCards(place, words);
  let loading: Promise<Messenger> | undefined;
  let open = false;

  const use = (act: (messenger: Messenger) => void): void => {
    loading ??= desk
      .load<StartMessenger>(desk.settings.messenger as string)
      .then((start) => start(desk, shell));
    loading.then(act).catch(() => {
      loading = undefined; // the next one to need it tries again
    });
  };
  const fetchAhead = (): void => use(() => {});
  const call = (intent?: Intent): void => use((messenger) => messenger.open(intent));
  const deliver = (delivery: Delivery): void => {
    const card = cardOf(desk, delivery, () => call({ delivery }));
    if (card) cards.add(card);
  };
  const shell: Shell = {
    root,
    place,
    unread: frame.unread,
    preview: cards.add,
    deliver,
    opened(now) {
      open = now;
      frame.opened(now);
      cards.pause(now);
      desk.say(now ? "open" : "close");
    },
  };
  keptDeliveries(desk).forEach(deliver);
  bell.onpointerenter = bell.onfocus = fetchAhead;
  bell.onclick = () => (open ? use((messenger) => messenger.close()) : call());
  // A conversation is going on, or the panel was open on the page before.
  if (desk.tab.get("view") || desk.store.get("live")) fetchAhead();
  const stopReset = desk.on("reset", cards.clear);

  return {
    show() {
      place.hidden = false;
    },
    hide() {
      place.hidden = true;
    },
    open: (text) => call({ text }),
    deliver,
    unread: frame.unread,
    stop() {
      stopReset();
      if (loading) use((messenger) => messenger.stop());
      root.host.remove();
    },
  };
}
