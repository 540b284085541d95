import type { Store } from "../desk";

const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 24 * 3_600_000;

export interface Session {
  started: number;
  active: number;
  /** The campaign it began with. */
  campaign?: string;
  /** By path: visible milliseconds, all tabs together, and the highest threshold told. */
  paths: Record<string, { ms: number; told: number }>;
}

/** A session goes on unless it was idle, grew old, or a new campaign brought the visitor back. */
export function continues(session: Session, now: number, campaign?: string): boolean {
  return (
    now - session.active <= IDLE_MS &&
    now - session.started <= LONGEST_MS &&
    (!campaign || campaign === session.campaign)
  );
}

export interface Sessions {
  /** Something was done: the session now, begun anew if the last one is over. */
  touch(campaign?: string): Session;
  /** The session as it stands, active or not. */
  last(): Session;
  /** Keeps what was changed of it. */
  keep(session: Session): Session;
}

/** Sessions of this site in `store`, one for all tabs. */
export function openSessions(store: Store, now: () => number): Sessions {
  const keep = (session: Session): Session => {
    store.set("session", session);
    return session;
  };
  const last = (): Session => store.get("session") ?? touch();
  const touch = (campaign?: string): Session => {
    const active = now();
    const session = store.get<Session>("session");
    return keep(
      session && continues(session, active, campaign)
        ? { ...session, active }
        : { started: active, active, campaign, paths: {} },
    );
  };
  return { touch, last, keep };
}
