import { keep, recall } from "../live/storage.ts";

export type Surface = "message" | "note";

export interface Draft {
  readonly surface: Surface;
  readonly message: string;
  readonly note: string;
}

export const NO_DRAFT: Draft = { surface: "message", message: "", note: "" };

const key = (teammate: string, conversation: string) => `frontdesk.draft.${teammate}.${conversation}`;

/** What this teammate last typed in this conversation; reply and note are kept apart, so neither becomes the other. */
export function recallDraft(teammate: string, conversation: string): Draft {
  const stored = recall(key(teammate, conversation));
  if (stored === null) return NO_DRAFT;
  try {
    return { ...NO_DRAFT, ...(JSON.parse(stored) as Partial<Draft>) };
  } catch {
    return NO_DRAFT;
  }
}

export function keepDraft(teammate: string, conversation: string, draft: Draft): void {
  const empty = draft.message.trim() === "" && draft.note.trim() === "";
  keep(key(teammate, conversation), empty ? null : JSON.stringify(draft));
}
