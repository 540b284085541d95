import type { Delivery, Face, PageNow, Settings } from "./wire";

/** Ends what was started; calling it twice is calling it once. */
export type Stop = () => void;

/** Values by name, as JSON. Never throws: what the browser refuses to keep lives in memory. */
export interface Store {
  get<T>(name: string): T | null;
  /** `null` removes. */
  set(name: string, value: unknown): void;
  clear(): void;
}

/** What each file offers the next, and the only thing they share: probe to launcher to messenger. */
export interface Desk {
  settings: Settings;
  language: string;
  /** Shared by the tabs of this site, emptied by `reset`. */
  store: Store;
  /** Of this tab, emptied by `reset`. */
  tab: Store;
  /** Null until the first answer to a batch brought it and "token" was said. */
  token(): string | null;
  /** Rises when the person changes; what was asked in an earlier epoch must be dropped. */
  epoch(): number;
  page(): PageNow;
  /** Runs a built file and returns what it starts. */
  load<T>(path: string): Promise<T>;
  say(name: string, detail?: unknown): void;
  on(name: string, hear: (detail: never) => void): Stop;
  /** The server does not know our token: start anew. */
  forget(): void;
}

/** What a built file hands to its loader, through its own script element. */
export interface PartScript extends HTMLScriptElement {
  offered?: unknown;
}

/** Leaves a file's start function where its loader finds it. */
export function offer(part: unknown): void {
  const script = document.currentScript as PartScript | null;
  if (script) script.offered = part;
}

export interface Launcher {
  show(): void;
  hide(): void;
  open(text?: string): void;
  deliver(delivery: Delivery): void;
  unread(count: number): void;
  stop: Stop;
}
export type StartLauncher = (desk: Desk) => Launcher;

/** One thing said while the panel is closed, and what its answer and its dismissal do. */
export interface Card {
  id: string;
  from: Face;
  text: string;
  label?: string;
  seen?(): void;
  answer(): void;
  dismiss?(): void;
}

/** What the launcher lends the messenger. */
export interface Shell {
  root: ShadowRoot;
  /** Where the panel goes; the brand's colours hold inside. */
  place: HTMLElement;
  unread(count: number): void;
  preview(card: Card): void;
  deliver(delivery: Delivery): void;
  /** The panel opened, or closed and gives the focus back to the bell. */
  opened(open: boolean): void;
}

export interface Intent {
  delivery?: Delivery;
  text?: string;
  conversation?: string;
}
export interface Messenger {
  open(intent?: Intent): void;
  close(): void;
  stop: Stop;
}
export type StartMessenger = (desk: Desk, shell: Shell) => Promise<Messenger>;
