/** The names under which answers are kept. Who changes something invalidates by these. */
export const keys = {
  session: ["session"] as const,
  views: ["views"] as const,
  conversationLists: ["conversations"] as const,
  conversations: (view: string) => ["conversations", view] as const,
  conversation: (id: string) => ["conversation", id] as const,
  parts: (conversation: string) => ["parts", conversation] as const,
  teammates: ["teammates"] as const,
  teams: ["teams"] as const,
  people: ["people"] as const,
  peopleList: (filter: PeopleFilter) => ["people", "list", filter] as const,
  person: (id: string) => ["people", id] as const,
  events: (person: string) => ["events", person] as const,
  rules: ["rules"] as const,
  decisions: (rule: string) => ["decisions", rule] as const,
};

export interface PeopleFilter {
  online: boolean;
  words: string;
}
