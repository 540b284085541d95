/** What goes over the wire, as the server sends and takes it. Times are ISO 8601 UTC, durations milliseconds. */

export type Consent = "granted" | "pending" | "denied";

export interface Look {
  color?: string;
  corner?: "left" | "right";
  /** Forces light or dark; without it the messenger follows the page's own `color-scheme`. */
  scheme?: "light" | "dark";
}

/** What the server puts in front of the probe, or `GET /v1/settings` answers. */
export interface Settings {
  key: string;
  host: string;
  launcher?: string;
  messenger?: string;
  locales?: Record<string, string>;
  look?: Look;
  language?: string | null;
  consent?: Consent;
  name?: string;
  /** "manual" leaves page views to the host's own `page` calls. */
  pages?: "auto" | "manual";
}

export interface Face {
  name: string | null;
  avatar: string | null;
}

export interface Delivery {
  id: string;
  rule: string;
  kind: string;
  class?: string;
  from: Face;
  locale: string;
  content: { text: string; reply_label?: string };
  expires_at: string | null;
}

export interface Watch {
  dwell_ms?: number[];
  scroll?: number[];
  exit_intent?: boolean;
}

/** The answer to `/v1/batch` and, without `visitor_token`, to `/v1/presence`. */
export interface Answer {
  visitor_token?: string;
  deliveries?: Delivery[];
  watch?: Watch;
  next_ms?: number;
  unread?: number;
  /** How many events the site wanted left out, by reason. */
  dropped?: Record<string, number>;
}

export interface PageNow {
  url: string;
  title: string;
  dwell_ms: number;
}

export interface Author extends Face {
  kind: "visitor" | "teammate" | "rule";
  id: string | null;
}

export interface Part {
  id: string;
  seq: number;
  client_id: string | null;
  conversation: string;
  kind: string;
  author: Author;
  body: string;
  created_at: string;
}

export interface Conversation {
  id: string;
  state: "open" | "closed";
  assignee: (Face & { id: string }) | null;
  team: { id: string; name: string } | null;
  last_part: Part | null;
  last_seq: number;
  read_seq: number;
  teammate_read_seq: number;
  unread: number;
  created_at: string;
  updated_at: string;
}

export interface Home {
  workspace: { name: string };
  team: Face[];
  online: boolean;
  reply_time: "minutes" | "hours" | "day" | null;
  conversations: Conversation[];
  unread: number;
}
