/** The console's side of `/api/v1`: one name per shape, so that the rest of the console imports from here alone. */

export type Language = "en" | "zh";
export type Role = "owner" | "admin" | "member" | "viewer";

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export interface Teammate {
  id: string;
  name: string;
  email: string;
  role: Role;
  avatar: string | null;
  online: boolean;
  teams: string[];
  open_count: number;
}

/** `available` is what I chose; `online` also asks that my console is open. */
export interface Myself extends Omit<Teammate, "open_count"> {
  available: boolean;
}

export interface Team {
  id: string;
  name: string;
  member_ids: string[];
  open_count: number;
}

export interface Me {
  teammate: Myself;
  workspace: { id: string; name: string };
  site: { id: string; name: string; key: string };
  language: Language | null;
}

export type ViewKind = "mine" | "unassigned" | "all" | "team" | "closed";

export interface View {
  key: string;
  name: string | null;
  kind: ViewKind;
  count: number;
}

export interface Named {
  id: string;
  name: string;
}

export interface PageSeen {
  url: string;
  path: string;
  title: string | null;
  dwell_ms: number;
}

export interface PersonBrief {
  id: string;
  kind: "contact" | "visitor";
  name: string | null;
  label: string;
  email: string | null;
  /** Whether a server, not just the browser, said who this is. */
  verified: boolean;
  online: boolean;
  country: string | null;
  color: string;
}

export interface Touch {
  channel: string;
  source?: string | null;
  medium?: string | null;
  campaign?: string | null;
  term?: string | null;
  content?: string | null;
  referrer?: string | null;
  landing_url?: string | null;
  at?: string | null;
}

export interface Person extends PersonBrief {
  phone: string | null;
  user_id: string | null;
  attributes: Record<string, unknown>;
  tags: string[];
  companies: Named[];
  browser: string | null;
  os: string | null;
  device: string | null;
  language: string | null;
  timezone: string | null;
  region: string | null;
  city: string | null;
  first_seen_at: string;
  last_seen_at: string;
  sessions: number;
  page_views: number;
  first_touch: Touch | null;
  last_touch: Touch | null;
  page_now: (PageSeen & { since: string }) | null;
  conversations: number;
}

export interface Author {
  kind: "visitor" | "teammate" | "rule" | "system";
  id: string | null;
  name: string | null;
  avatar?: string | null;
}

export interface Actor {
  kind: "rule" | "teammate" | "visitor" | "system";
  name: string | null;
}

export interface Reason {
  code: string;
  text_en: string;
  text_zh: string;
}

export interface AssignmentDetail {
  team: Named | null;
  teammate: Named | null;
  rule: (Named & { name_zh?: string }) | null;
  reasons: Reason[];
  by: Actor;
}

export interface ChangeDetail {
  change: "closed" | "reopened" | "tagged" | "untagged";
  tag?: string;
  by: Actor;
}

export type PartKind = "message" | "note" | "assignment" | "change" | "rating";

export interface Part {
  id: string;
  seq: number;
  client_id: string | null;
  conversation: string;
  kind: PartKind;
  author: Author;
  body: string | null;
  detail?: AssignmentDetail | ChangeDetail | null;
  page?: PageSeen | null;
  created_at: string;
}

export interface PartsPage {
  data: Part[];
  last_seq: number;
  next_cursor: null;
}

export interface ConversationSummary {
  id: string;
  state: "open" | "closed";
  person: PersonBrief;
  assignee: (Named & { avatar: string | null }) | null;
  team: Named | null;
  last_part: { kind: PartKind; author: Author; body: string | null; created_at: string } | null;
  last_seq: number;
  read_seq: number;
  visitor_read_seq?: number;
  unread: number;
  waiting_since: string | null;
  channel: "messenger";
  started_page: PageSeen | null;
  tags?: string[];
  created_at: string;
  updated_at: string;
}

export interface PersonEvent {
  id: string;
  type: string;
  name: string | null;
  url: string | null;
  path: string | null;
  title: string | null;
  properties: Record<string, unknown>;
  session_id: string | null;
  verified: boolean;
  occurred_at: string;
}

export type RuleState = "draft" | "shadow" | "live" | "paused" | "archived";

export interface Rule {
  id: string;
  key: string;
  name: Record<Language, string>;
  priority: number;
  state: RuleState;
  version: number;
  yaml: string;
  sentence: Record<Language, string>;
  counts: { matched: number; acted: number; held: number };
  updated_at: string;
}

export interface Decision {
  id: string;
  rule: string;
  rule_version: number;
  person: string;
  outcome: "acted" | "deferred" | "held";
  reason: string | null;
  /** Outcome and reason in words. */
  text_en: string;
  text_zh: string;
  detail: { reasons?: Reason[] } | null;
  at: string;
}
