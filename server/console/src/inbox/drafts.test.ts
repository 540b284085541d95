// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { keepDraft, NO_DRAFT, recallDraft } from "./drafts.ts";

describe("a draft", () => {
  beforeEach(() => localStorage.clear());

  it("comes back to its own teammate in its own conversation, nowhere else", () => {
    keepDraft("tmt_1", "cnv_1", { surface: "message", message: "Dear", note: "" });
    expect(recallDraft("tmt_1", "cnv_1").message).toBe("Dear");
    expect(recallDraft("tmt_1", "cnv_2")).toEqual(NO_DRAFT);
    expect(recallDraft("tmt_2", "cnv_1")).toEqual(NO_DRAFT);
  });

  it("keeps reply and note apart, and which of them was open", () => {
    keepDraft("tmt_1", "cnv_1", { surface: "note", message: "to the visitor", note: "among us" });
    expect(recallDraft("tmt_1", "cnv_1")).toEqual({
      surface: "note",
      message: "to the visitor",
      note: "among us",
    });
  });

  it("leaves nothing behind once it is empty", () => {
    keepDraft("tmt_1", "cnv_1", { surface: "message", message: "Dear", note: "" });
    keepDraft("tmt_1", "cnv_1", { surface: "message", message: "  ", note: "" });
    expect(localStorage.length).toBe(0);
  });

  it("is empty when the store holds something else", () => {
    localStorage.setItem("frontdesk.draft.tmt_1.cnv_1", "not json");
    expect(recallDraft("tmt_1", "cnv_1")).toEqual(NO_DRAFT);
  });
});
