const HUES = ["#2f7e9e", "#8a5fb0", "#c05b4d", "#4e8a3e", "#b5792a", "#4c6bc0", "#b0487c", "#0e7c6b"];

const HAN = /\p{Script=Han}/u;

/** One Han character, or the first letters of two words: "王", "LN". What stands in brackets is not a name. */
export function initials(name: string): string {
  const plain = name.replace(/[(（].*$/u, "").trim();
  if (HAN.test(plain)) return Array.from(plain)[0] ?? "";
  const words = plain.split(/[\s@._-]+/u).filter((word) => word !== "");
  const letters = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/** A colour that stays with the name. */
export function hue(name: string): string {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return HUES[sum % HUES.length] ?? "#0e7c6b";
}

/** A country or language code in the reader's words; the code itself when Intl does not know it. */
export function country(code: string, locale: string): string {
  return display(code, locale, "region");
}

export function languageName(code: string, locale: string): string {
  return display(code, locale, "language");
}

function display(code: string, locale: string, type: "region" | "language"): string {
  try {
    return new Intl.DisplayNames([locale], { type, fallback: "code" }).of(code) ?? code;
  } catch {
    return code;
  }
}
