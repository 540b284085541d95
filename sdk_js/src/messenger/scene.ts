import type { Store } from "../desk";
import type { Words } from "../locales/en";
import type { Chat } from "./chat";
import type { State } from "./state";

/** Everything a drawing needs, and nothing it has to look up. */
export interface Scene {
  state: State;
  chat: Chat;
  words: Words;
  language: string;
  /** Whose messenger it is. */
  name: string;
  now: number;
  drafts: Store;
}
