import type { Card, Desk, Shell, Stop } from "../desk";
import { listen } from "../probe/listen";
import type { Conversation } from "../wire";
import type { Api } from "./api";
import type { Model } from "./model";
import { unreadIn, withRead } from "./state";

/** Tells the server what the visitor has seen: the open thread, while somebody looks at it. */
export function createReading(api: Api, model: Model): Stop {
  const look = (): void => {
    const { open, view, conversations, parts } = model.get();
    if (!open || view.name !== "thread" || document.hidden) return;
    const conversation = conversations[view.thread];
    if (!conversation?.unread || !parts[view.thread]) return;
    model.set((state) => withRead(state, view.thread));
    void api.read(conversation.id, conversation.last_seq);
  };
  const stops = [model.listen(look), listen(document, "visibilitychange", look)];
  return () => {
    for (const stop of stops) stop();
  };
}

/** Shows a teammate's words beside the bell while the panel is closed, and counts what is unread. */
export function createPreviews(
  desk: Desk,
  shell: Shell,
  model: Model,
  open: (conversation: string) => void,
): Stop {
  return model.listen((state, before) => {
    if (state.home) shell.unread(unreadIn(state));
    if (state.open || state.conversations === before.conversations) return;
    const hushed = desk.store.get<string>("hushed");
    for (const conversation of Object.values(state.conversations)) {
      const card = previewOf(conversation, () => open(conversation.id));
      if (card && card.id !== hushed)
        shell.preview({ ...card, dismiss: () => desk.store.set("hushed", card.id) });
    }
  });
}

function previewOf({ unread, last_part }: Conversation, answer: () => void): Card | null {
  if (!unread || last_part?.author.kind !== "teammate") return null;
  return { id: last_part.id, from: last_part.author, text: last_part.body, answer };
}
