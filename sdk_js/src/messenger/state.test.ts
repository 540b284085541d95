import { describe, expect, test } from "vitest";
import { conversation, part } from "../testing/said";
import {
  EMPTY,
  lastSeq,
  type State,
  unreadIn,
  withConversation,
  withHome,
  withParts,
  withRead,
  withSeen,
  withStarted,
} from "./state";

const home = (...conversations: ReturnType<typeof conversation>[]) => ({
  workspace: { name: "Bellshop" },
  team: [],
  online: true,
  reply_time: null,
  conversations,
  unread: 0,
});
const known = (): State => withHome(EMPTY, home(conversation("cnv_1")));

describe("pushes applied to an old state give what fetching would give", () => {
  const pushes = [part(1, "visitor"), part(2, "teammate"), part(3, "visitor"), part(4, "teammate")];

  test("in order", () => {
    const state = pushes.reduce((so, one) => withParts(so, "cnv_1", [one]), known());
    expect(state.parts.cnv_1).toEqual(pushes);
    expect(lastSeq(state, "cnv_1")).toBe(4);
  });

  test("out of order, doubled and overlapping with what was fetched", () => {
    const [one, two, three, four] = pushes as [never, never, never, never];
    const state = [[two], [one, two], [four], [three, four], [one]].reduce(
      (so, some) => withParts(so, "cnv_1", some),
      known(),
    );
    expect(state.parts.cnv_1).toEqual(pushes);
  });
});

describe("unread", () => {
  test("counts what others say, not what the visitor says", () => {
    const state = withParts(known(), "cnv_1", [part(1, "teammate"), part(2, "visitor"), part(3, "teammate")]);
    expect(unreadIn(state)).toBe(2);
  });

  test("is not counted twice when the conversation was pushed before its part", () => {
    const pushed = withConversation(known(), conversation("cnv_1", { last_seq: 1, unread: 1 }));
    expect(unreadIn(withParts(pushed, "cnv_1", [part(1, "teammate")]))).toBe(1);
  });

  test("ends when the visitor has looked", () => {
    expect(unreadIn(withRead(withParts(known(), "cnv_1", [part(1, "teammate")]), "cnv_1"))).toBe(0);
  });
});

test("what a teammate has seen never goes back", () => {
  const state = withSeen(withSeen(known(), "cnv_1", 5), "cnv_1", 3);
  expect(state.conversations.cnv_1?.teammate_read_seq).toBe(5);
});

test("whoever has spoken is no longer typing", () => {
  const typing = { ...known(), typing: { cnv_1: "Li Na" } };
  expect(withParts(typing, "cnv_1", [part(1, "visitor")]).typing).toEqual({ cnv_1: "Li Na" });
  expect(withParts(typing, "cnv_1", [part(1, "teammate")]).typing).toEqual({});
});

test("a thread that becomes a conversation takes along what waits and who looks", () => {
  const waiting = {
    client_id: "c2",
    thread: "new",
    body: "More",
    page: { url: "", title: "", dwell_ms: 0 },
    at: "",
  };
  const before: State = { ...EMPTY, view: { name: "thread", thread: "new" }, pending: [waiting] };
  const state = withStarted(before, "new", conversation("cnv_1"));
  expect(state.view).toEqual({ name: "thread", thread: "cnv_1" });
  expect(state.pending[0]?.thread).toBe("cnv_1");
});

test("a message is no longer on its way once its part is here, from wherever it came", () => {
  const waiting = {
    client_id: "c1",
    thread: "cnv_1",
    body: "Hi",
    page: { url: "", title: "", dwell_ms: 0 },
    at: "",
  };
  const state = withParts({ ...known(), pending: [waiting] }, "cnv_1", [
    part(1, "visitor", { client_id: "c1" }),
  ]);
  expect(state.pending).toEqual([]);
});
