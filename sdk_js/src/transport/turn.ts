import type { Stop } from "../desk";

/**
 * Calls `lead` in one tab of this site at a time, in this one when its turn comes. Without Web Locks (a page without
 * TLS) every tab leads. The returned stop gives the turn to the next tab.
 */
export function takeTurn(name: string, lead: () => Stop): Stop {
  if (!navigator.locks) return lead();
  const waiting = new AbortController();
  let release: Stop = () => {};
  let over = false;
  const held = (): Promise<void> | undefined => {
    if (over) return;
    const stop = lead();
    return new Promise((resolve) => {
      release = () => {
        stop();
        resolve();
      };
    });
  };
  navigator.locks.request(name, { signal: waiting.signal }, held).catch(() => {}); // aborted
  return () => {
    over = true;
    release();
    waiting.abort();
  };
}
