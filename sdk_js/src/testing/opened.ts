import { afterEach, beforeEach, vi } from "vitest";
import { createFrontdesk, type Frontdesk } from "../probe/frontdesk";
import type { Settings } from "../wire";
import { FakeServer } from "./fake_server";
import { freshPage } from "./page";

export const SETTINGS: Settings = { key: "pk_1", host: "https://desk.example" };
const AREAS = ["localStorage", "sessionStorage"].map(
  (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
);

export let server: FakeServer;
export const running: Frontdesk[] = [];
export const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
export const open = (settings: Partial<Settings> = {}): Frontdesk => {
  const frontdesk = createFrontdesk();
  frontdesk.begin({ ...SETTINGS, ...settings });
  running.push(frontdesk);
  return frontdesk;
};
export const kept = (): number => localStorage.length + sessionStorage.length + document.cookie.length;

/** Before each test a fresh page and server; after it everything that was opened is gone. */
export function eachOnAFreshPage(): void {
  beforeEach(() => {
    for (const [name, area] of AREAS) if (area) Object.defineProperty(globalThis, name, area);
    freshPage("/pricing?utm_source=google&utm_campaign=spring");
    server = new FakeServer();
  });
  afterEach(() => {
    for (const frontdesk of running.splice(0)) frontdesk.call("destroy", []);
    vi.unstubAllGlobals();
  });
}
