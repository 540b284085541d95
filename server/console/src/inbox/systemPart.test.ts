import { setupI18n } from "@lingui/core";
import { describe, expect, it } from "vitest";
import type { AssignmentDetail, ChangeDetail, Part } from "../api/types.ts";
import { messages as english } from "../locales/en/messages.po";
import { messages as chinese } from "../locales/zh/messages.po";
import { systemSentence } from "./systemPart.ts";

const en = setupI18n({ locale: "en", messages: { en: english } });
const zh = setupI18n({ locale: "zh", messages: { zh: chinese } });

function part(detail: Part["detail"], kind: Part["kind"] = "assignment"): Part {
  return {
    id: "prt_1",
    seq: 2,
    client_id: null,
    conversation: "cnv_1",
    kind,
    author: { kind: "rule", id: "rul_1", name: "Pricing page" },
    body: null,
    detail,
    created_at: "2026-01-01T10:00:00.000Z",
  };
}

function assignment(change: Partial<AssignmentDetail> = {}): AssignmentDetail {
  return {
    team: { id: "tea_1", name: "Sales" },
    teammate: null,
    rule: { id: "rul_1", name: "Pricing page", name_zh: "价格页" },
    reasons: [
      { code: "page.dwell", text_en: "61 s on /pricing", text_zh: "在 /pricing 停留 61 秒" },
      { code: "least_busy", text_en: "Li Na had the fewest open", text_zh: "Li Na 手上的会话最少" },
    ],
    by: { kind: "rule", name: "Pricing page" },
    ...change,
  };
}

const OMAR = { kind: "teammate", name: "Omar" } as const;
const BY_HAND = { rule: null, reasons: [], by: OMAR };

const ASSIGNMENTS: [string, Partial<AssignmentDetail>, string, string][] = [
  [
    "a rule to a team",
    {},
    "Routed to Sales: rule Pricing page, 61 s on /pricing, Li Na had the fewest open",
    "已转给 Sales：规则“价格页”，在 /pricing 停留 61 秒，Li Na 手上的会话最少",
  ],
  [
    "a rule to one of a team",
    { teammate: { id: "tmt_1", name: "Li Na" }, reasons: [] },
    "Routed to Li Na · Sales: rule Pricing page",
    "已转给 Li Na · Sales：规则“价格页”",
  ],
  [
    "a teammate to another",
    { ...BY_HAND, team: null, teammate: { id: "tmt_1", name: "Li Na" } },
    "Omar assigned it to Li Na",
    "Omar 指派给了 Li Na",
  ],
  [
    "a teammate to themselves",
    { ...BY_HAND, teammate: { id: "tmt_2", name: "Omar" } },
    "Omar took the conversation",
    "Omar 接下了会话",
  ],
  [
    "a teammate to nobody",
    { ...BY_HAND, team: null },
    "Omar returned it to the queue",
    "Omar 放回了待分配队列",
  ],
  [
    "the desk itself, who answered first",
    {
      rule: null,
      by: { kind: "system", name: null },
      teammate: { id: "tmt_1", name: "Li Na" },
      team: null,
      reasons: [{ code: "answered", text_en: "Li Na answered first", text_zh: "Li Na 最先回复" }],
    },
    "Assigned to Li Na: Li Na answered first",
    "已指派给 Li Na：Li Na 最先回复",
  ],
];

const CHANGES: [ChangeDetail, string, string][] = [
  [{ change: "closed", by: OMAR }, "Omar closed the conversation", "Omar 结束了会话"],
  [{ change: "reopened", by: { kind: "system", name: null } }, "Open again", "会话重新打开"],
  [
    { change: "tagged", tag: "vip", by: { kind: "rule", name: "Hello" } },
    "Rule Hello added the tag vip",
    "规则“Hello” 打上了标签 vip",
  ],
];

describe("an assignment", () => {
  it.each(ASSIGNMENTS)("by %s", (_, change, english, chinese) => {
    expect(systemSentence(part(assignment(change)), en).line).toBe(english);
    expect(systemSentence(part(assignment(change)), zh).line).toBe(chinese);
  });

  it("opens to its reasons in the reader's language", () => {
    expect(systemSentence(part(assignment()), en).reasons).toEqual([
      "61 s on /pricing",
      "Li Na had the fewest open",
    ]);
    expect(systemSentence(part(assignment()), zh).reasons).toEqual([
      "在 /pricing 停留 61 秒",
      "Li Na 手上的会话最少",
    ]);
  });
});

describe("a change", () => {
  it.each(CHANGES)("%o", (detail, english, chinese) => {
    expect(systemSentence(part(detail, "change"), en).line).toBe(english);
    expect(systemSentence(part(detail, "change"), zh).line).toBe(chinese);
  });
});

describe("a part of a kind that is not known yet", () => {
  it("is still a sentence", () => {
    expect(systemSentence(part(null, "change"), en)).toEqual({ line: "Something changed", reasons: [] });
    expect(systemSentence(part(null, "rating"), zh).line).toBe("访客评价了会话");
  });
});
