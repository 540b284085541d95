import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { markRead } from "../api/conversations.ts";
import { keys } from "../api/keys.ts";
import type { ConversationSummary } from "../api/types.ts";

function watchVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** Words count as read once they are on a screen that someone can see. */
export function useReading(conversation: ConversationSummary, lastSeq: number): void {
  const client = useQueryClient();
  const visible = useSyncExternalStore(watchVisibility, () => document.visibilityState === "visible");
  const { id, read_seq: read } = conversation;
  useEffect(() => {
    if (!visible || lastSeq <= read) return;
    client.setQueryData<ConversationSummary>(keys.conversation(id), (held) =>
      held === undefined ? held : { ...held, read_seq: lastSeq, unread: 0 },
    );
    markRead(id, lastSeq).then(
      () => client.invalidateQueries({ queryKey: keys.conversationLists }),
      // May be lost: the next visit says it again.
      () => undefined,
    );
  }, [client, id, lastSeq, read, visible]);
}
