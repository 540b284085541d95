import type { Store } from "../desk";
import { newId } from "./ids";

const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 24 * 3_600_000;

export interface Session {
  id: string;
  started: number;
  active: number;
  /** The campaign it began with, as text. */
  campaign?: string;
  /** Where it came in. */
  landing: { url: string; referrer: string };
  /** By path: visible milliseconds, all tabs together, and the highest threshold told. */
  paths: Record<string, { ms: number; told: number }>;
}

/** A session goes on unless it was idle, grew old, or a new campaign brought the visitor back. */
export function continues(session: Session, now: number, campaign?: string): boolean {
  return (
    now - session.active < IDLE_MS &&
    now - session.started < LONGEST_MS &&
    (!campaign || campaign === session.campaign)
  );
}

export interface Sessions {
  /** Something was done: the session now, begun anew if the last one is over. */
  touch(campaign?: string): Session;
  /** Changes the session as it stands, active or not. */
  change(change: (session: Session) => void): void;
}

/** Sessions of this site in `store`, one for all tabs. */
export function openSessions(store: Store, now: () => number): Sessions {
  const keep = (session: Session): Session => {
    store.set("session", session);
    return session;
  };
  const last = (): Session | null => store.get("session");
  const touch = (campaign?: string): Session => {
    const active = now();
    const session = last();
    return keep(
      session && continues(session, active, campaign) ? { ...session, active } : begin(active, campaign),
    );
  };
  return {
    touch,
    change(change) {
      const session = last() ?? touch();
      change(session);
      keep(session);
    },
  };
}

function begin(active: number, campaign?: string): Session {
  const landing = { url: location.href, referrer: document.referrer };
  return { id: newId(), started: active, active, campaign, landing, paths: {} };
}
