import type { Author, Conversation, Part } from "../wire";

const NAMES = { visitor: null, teammate: "Li Na", rule: "Bellshop" };

/** A message of `cnv_1`; minute `seq` of a morning. */
export function part(seq: number, kind: Author["kind"], more: Partial<Part> = {}): Part {
  return {
    id: `prt_${seq}`,
    seq,
    client_id: null,
    conversation: "cnv_1",
    kind: "message",
    author: { kind, id: null, name: NAMES[kind], avatar: null },
    body: `Message ${seq}`,
    created_at: `2026-03-02T09:${String(seq).padStart(2, "0")}:00.000Z`,
    ...more,
  };
}

export function conversation(id: string, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    state: "open",
    assignee: null,
    team: null,
    last_part: null,
    last_seq: 0,
    read_seq: 0,
    teammate_read_seq: 0,
    unread: 0,
    created_at: "2026-03-02T09:00:00.000Z",
    updated_at: "2026-03-02T09:00:00.000Z",
    ...more,
  };
}
