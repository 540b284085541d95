import type { Desk, Intent, Shell, Stop } from "../desk";
import { listen } from "../probe/listen";
import { createApi } from "./api";
import { createLive } from "./live";
import { createModel, type Model } from "./model";
import { createNews } from "./news";
import { createOutbox, keptMessages } from "./outbox";
import { createPreviews, createReading } from "./reading";
import { EMPTY, type State, type View } from "./state";

/** We tell the other side that somebody types at most this often. */
const TYPING_EVERY_MS = 3_000;

/** What a person can do in the messenger. */
export interface Chat {
  model: Model;
  open(intent?: Intent): void;
  close(): void;
  go(view: View): void;
  /** Asks the server how things stand. */
  refresh(): void;
  send(text: string): void;
  retry(clientId: string): void;
  typed(): void;
  stop: Stop;
}

/** Joins state, server and browser; knows nothing of how it looks. */
export function createChat(desk: Desk, shell: Shell): Chat {
  const model = createModel({ ...EMPTY, pending: keptMessages(desk) });
  const api = createApi(desk);
  const outbox = createOutbox(desk, api, model);
  const news = createNews({ api, model, deliver: shell.deliver, flush: outbox.flush });
  const live = createLive(desk, news);
  let typedAt = -TYPING_EVERY_MS;

  const change = (patch: Partial<State>): void => model.set((state) => ({ ...state, ...patch }));
  const thread = (): string | null => {
    const { view } = model.get();
    return view.name === "thread" ? view.thread : null;
  };
  const go = (view: View): void => {
    change({ view });
    const id = thread();
    if (id) void news.sync(id);
  };
  const open = (intent: Intent = {}): void => {
    const view = viewOf(intent) ?? unreadView(model.get());
    if (intent.text !== undefined) desk.store.set("draft.new", intent.text);
    change({ open: true });
    if (view) go(view);
    news.missed();
  };
  const follow = (state: State, before: State): void => {
    const going = Object.values(state.conversations).find((one) => one.state === "open");
    live.want(state.open || going !== undefined);
    if (state.home) desk.store.set("live", going ? 1 : null);
    if (state.open !== before.open) shell.opened(state.open);
    if (state.open !== before.open || state.view !== before.view)
      desk.tab.set("view", state.open ? state.view : null);
  };
  const stops = [
    model.listen(follow),
    desk.on("reset", () => model.set(({ open: now }) => ({ ...EMPTY, open: now }))),
    desk.on("token", news.missed),
    listen(window, "offline", () => change({ offline: true })),
    outbox.stop,
    live.stop,
    news.stop,
    createReading(api, model),
    createPreviews(desk, shell, model, (conversation) => open({ conversation })),
  ];
  return {
    model,
    open,
    close: () => change({ open: false }),
    go,
    refresh: news.missed,
    send(text) {
      const { view } = model.get();
      if (view.name === "thread") outbox.send(view.thread, text, view.delivery);
    },
    retry: outbox.retry,
    typed() {
      const id = thread();
      if (!id?.startsWith("cnv_") || performance.now() - typedAt < TYPING_EVERY_MS) return;
      typedAt = performance.now();
      if (!live.emit("typing", { conversation: id })) void api.typing(id);
    },
    stop() {
      for (const stop of stops) stop();
    },
  };
}

function viewOf({ delivery, conversation, text }: Intent): View | null {
  if (delivery) return { name: "thread", thread: delivery.id, delivery };
  if (conversation) return { name: "thread", thread: conversation };
  return text === undefined ? null : { name: "thread", thread: "new" };
}

/** Who opens the panel because of the number on the bell wants to see what it stands for. */
function unreadView(state: State): View | null {
  const unread = Object.values(state.conversations).find((one) => one.unread > 0);
  return state.view.name === "home" && unread ? { name: "thread", thread: unread.id } : null;
}
