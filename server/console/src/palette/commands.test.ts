import { describe, expect, it } from "vitest";
import { type Command, found } from "./commands.ts";

function command(name: string, more?: Partial<Command>): Command {
  return { id: name, name, icon: () => null, run: () => undefined, ...more };
}

const COMMANDS = [
  command("Assign to Li Na"),
  command("Inbox"),
  command("收件箱"),
  command("Mine", { more: "Inbox" }),
];

function names(typed: string): string[] {
  return found(COMMANDS, typed).map((each) => each.name);
}

describe("the palette", () => {
  it("shows what there is before anything is typed", () => {
    expect(names("")).toHaveLength(4);
  });

  it("finds by every typed word, in any order and case", () => {
    expect(names("na assign")).toEqual(["Assign to Li Na"]);
    expect(names("收")).toEqual(["收件箱"]);
    expect(names("nothing")).toEqual([]);
  });

  it("puts what begins with the words first", () => {
    expect(names("in")).toEqual(["Inbox", "Mine"]);
  });

  it("keeps what the server found", () => {
    expect(found([command("王小铃", { always: true })], "wang")).toHaveLength(1);
  });
});
