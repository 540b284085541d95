import { useMutation, useQueryClient } from "@tanstack/react-query";
import { navigate } from "wouter/use-browser-location";
import { forgetOutbox } from "../live/outboxStore.ts";
import { call } from "./client.ts";
import { keys } from "./keys.ts";
import type { Language, Me, Teammate } from "./types.ts";

export interface Credentials {
  email: string;
  password: string;
}

export interface Setup extends Credentials {
  token: string;
  workspace: string;
  name: string;
}

function useBecome<T>(ask: (input: T) => Promise<Me>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: ask, onSuccess: (me) => client.setQueryData(keys.session, me) });
}

export function useSignIn() {
  return useBecome((credentials: Credentials) => call<Me>("POST", "/session", credentials));
}

export function useSetUp() {
  return useBecome((setup: Setup) => call<Me>("POST", "/setup", setup));
}

/** My availability and the language of my console. */
export function usePatchMe() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: { online?: boolean; language?: Language }) => call<Me>("PATCH", "/session", change),
    onSuccess(me) {
      client.setQueryData(keys.session, me);
      client.setQueryData<Teammate[]>(keys.teammates, (held) =>
        held?.map((each) => (each.id === me.teammate.id ? { ...each, online: me.teammate.online } : each)),
      );
    },
  });
}

/** Signs out; nothing of this teammate stays in the tab. */
export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => call<void>("DELETE", "/session"),
    onSuccess() {
      forgetOutbox();
      // Whoever signs in next begins at their own inbox, not where this teammate was.
      navigate("/login");
      // First the gate closes, then what it hid is forgotten: the other way round the gate would not hear of it.
      client.setQueryData(keys.session, null);
      client.removeQueries({ predicate: (each) => each.queryKey[0] !== keys.session[0] });
    },
  });
}
