import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "./client.ts";
import { clientId } from "./ids.ts";
import { keys } from "./keys.ts";
import type { ConversationSummary } from "./types.ts";

const at = (id: string, verb: string) => `/conversations/${encodeURIComponent(id)}/${verb}`;

/** After a change: keep the answer, and ask for the lists that it moves through. */
function useChange<T = void>(change: (input: T) => Promise<ConversationSummary>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess(summary) {
      client.setQueryData(keys.conversation(summary.id), summary);
      for (const key of [
        keys.conversationLists,
        keys.views,
        keys.teammates,
        keys.teams,
        keys.parts(summary.id),
      ])
        void client.invalidateQueries({ queryKey: key });
    },
  });
}

export interface Assignment {
  teammate: string | null;
  team: string | null;
}

export function useAssign(id: string) {
  return useChange((to: Assignment) => call<ConversationSummary>("POST", at(id, "assign"), to));
}

export function useClose(id: string) {
  return useChange(() => call<ConversationSummary>("POST", at(id, "close"), {}));
}

export function useReopen(id: string) {
  return useChange(() => call<ConversationSummary>("POST", at(id, "reopen"), {}));
}

/** Writes first to a person. One hook is one message: trying again sends it under the same client id. */
export function useStartConversation(person: string) {
  return useChange((words: { body: string; client_id: string }) =>
    call<ConversationSummary>("POST", "/conversations", { person, ...words }),
  );
}

export function newWords(body: string): { body: string; client_id: string } {
  return { body, client_id: clientId() };
}

/** Tells the server how far I have read. May be lost: the next one says more. */
export async function markRead(id: string, seq: number): Promise<void> {
  await call("POST", at(id, "read"), { seq });
}
