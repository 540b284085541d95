import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const CONSOLE = join(import.meta.dirname, "../..");
const LINGUI = join(CONSOLE, "../../node_modules/@lingui/cli/dist/lingui.js");
const ENTRY = /msgid ((?:"[^\n]*"\n)+)msgstr ((?:"[^\n]*"(?:\n|$))+)/g;

/** Runs `lingui check …`; empty when all is well, else what it complains of. */
function complaint(...words: string[]): string {
  try {
    execFileSync(process.execPath, [LINGUI, "check", ...words, "--workers", "1"], {
      cwd: CONSOLE,
      stdio: "pipe",
    });
    return "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout: Buffer; stderr: Buffer };
    return `${stdout}${stderr}`;
  }
}

function chinese(): [string, string][] {
  const po = readFileSync(join(CONSOLE, "src/locales/zh/messages.po"), "utf8");
  const text = (lines = "") => [...lines.matchAll(/"(.*)"/g)].map((line) => line[1]).join("");
  return [...po.matchAll(ENTRY)].map(([, id, words]) => [text(id), text(words)]);
}

/** The names and tags that a sentence is filled with, in any order; plural forms may differ between languages. */
function filled(message: string): string {
  const found = [...message.matchAll(/\{(\w+)[},]|<(\d+)\/?>/g)].map((match) => match[1] ?? match[2] ?? "");
  return [...new Set(found)].toSorted().join();
}

describe("the catalogues", () => {
  it("hold exactly the words of the source: `npm run words` brings them up to date", () => {
    expect(complaint("sync", "--clean")).toBe("");
  }, 60_000);

  it("leave nothing untranslated", () => {
    expect(complaint("missing")).toBe("");
  }, 60_000);

  it("fill a Chinese sentence with what its English one is filled with", () => {
    const plain = chinese().filter(([id]) => !id.includes("plural,"));
    expect(plain.filter(([id, words]) => filled(id) !== filled(words))).toEqual([]);
  });
});
