import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { call, Problem, query } from "./client.ts";
import { keys, type PeopleFilter } from "./keys.ts";
import type {
  ConversationSummary,
  Decision,
  Me,
  Page,
  Person,
  PersonEvent,
  Rule,
  Team,
  Teammate,
  View,
} from "./types.ts";

const MINUTE = 60_000;

async function whoAmI(): Promise<Me | null> {
  try {
    return await call<Me>("GET", "/session");
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

/** Me, `null` when nobody is signed in. */
export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: whoAmI, staleTime: 5 * MINUTE });
}

/** Me, below the gate that lets only signed-in teammates through. */
export function useMe(): Me {
  const me = useSession().data;
  if (me === null || me === undefined) throw new Error("useMe outside the gate");
  return me;
}

/** Whether I chose to take conversations: the console is open anyway, as I am looking at it. */
export function useAvailable(): boolean {
  return useMe().teammate.available;
}

/** A whole list, page by page. */
export async function all<T>(path: string): Promise<T[]> {
  const data: T[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<T> = await call<Page<T>>("GET", `${path}${query({ cursor })}`);
    data.push(...page.data);
    cursor = page.next_cursor;
  } while (cursor !== null);
  return data;
}

export function useViews() {
  return useQuery({ queryKey: keys.views, queryFn: () => all<View>("/inbox/views") });
}

export function useTeammates() {
  return useQuery({
    queryKey: keys.teammates,
    queryFn: () => all<Teammate>("/teammates"),
    staleTime: MINUTE,
  });
}

export function useTeams() {
  return useQuery({ queryKey: keys.teams, queryFn: () => all<Team>("/teams"), staleTime: MINUTE });
}

export function useConversations(view: string) {
  return useInfiniteQuery({
    queryKey: keys.conversations(view),
    queryFn: ({ pageParam }) =>
      call<Page<ConversationSummary>>(
        "GET",
        `/conversations${query({ view, limit: 50, cursor: pageParam })}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useConversation(id: string) {
  return useQuery({
    queryKey: keys.conversation(id),
    queryFn: () => call<ConversationSummary>("GET", `/conversations/${encodeURIComponent(id)}`),
    enabled: id !== "",
  });
}

export function usePerson(id: string) {
  return useQuery({
    queryKey: keys.person(id),
    queryFn: () => call<Person>("GET", `/people/${encodeURIComponent(id)}`),
  });
}

export function usePeople(filter: PeopleFilter) {
  return useInfiniteQuery({
    queryKey: keys.peopleList(filter),
    queryFn: ({ pageParam }) =>
      call<Page<Person>>(
        "GET",
        `/people${query({ online: filter.online ? true : null, q: filter.words, limit: 50, cursor: pageParam })}`,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: keepPreviousData,
  });
}

export function useEvents(person: string) {
  return useInfiniteQuery({
    queryKey: keys.events(person),
    queryFn: ({ pageParam }) =>
      call<Page<PersonEvent>>("GET", `/events${query({ person, limit: 20, cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function useRules() {
  return useQuery({ queryKey: keys.rules, queryFn: () => all<Rule>("/rules") });
}

export function useDecisions(rule: string) {
  return useInfiniteQuery({
    queryKey: keys.decisions(rule),
    queryFn: ({ pageParam }) =>
      call<Page<Decision>>("GET", `/decisions${query({ rule, limit: 25, cursor: pageParam })}`),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}
