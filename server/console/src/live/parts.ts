import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { call, query } from "../api/client.ts";
import { keys } from "../api/keys.ts";
import type { Part, PartsPage } from "../api/types.ts";
import { arrived } from "./outboxStore.ts";
import { arrive, EMPTY_THREAD, extend, type Thread } from "./thread.ts";

async function fetchAfter(client: QueryClient, conversation: string): Promise<Thread> {
  const held = client.getQueryData<Thread>(keys.parts(conversation)) ?? EMPTY_THREAD;
  const page = await call<PartsPage>(
    "GET",
    `/conversations/${encodeURIComponent(conversation)}/parts${query({ after: held.lastSeq })}`,
  );
  // A push may have come while we asked, so the page goes behind what is held now.
  const thread = extend(client.getQueryData<Thread>(keys.parts(conversation)) ?? EMPTY_THREAD, page);
  arrived(thread.parts);
  return thread;
}

/** The thread of a conversation. Each fetch asks only for what is missing, also on focus and after a reconnect. */
export function useThread(conversation: string) {
  const client = useQueryClient();
  return useQuery({
    queryKey: keys.parts(conversation),
    queryFn: () => fetchAfter(client, conversation),
    refetchOnWindowFocus: "always",
    structuralSharing: false,
  });
}

/** Takes in a part that was pushed, or that a send answered. Threads nobody has opened are left to be fetched. */
export function receive(client: QueryClient, part: Part): void {
  const key = keys.parts(part.conversation);
  const held = client.getQueryData<Thread>(key);
  if (held === undefined) return;
  const arrival = arrive(held, part);
  if (arrival.is === "gap") void client.invalidateQueries({ queryKey: key });
  if (arrival.is !== "next") return;
  client.setQueryData(key, arrival.thread);
  arrived([part]);
}
