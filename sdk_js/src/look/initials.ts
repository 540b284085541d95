/** Initials of a name: two for Latin names, the last two signs of a Chinese one; what stands in brackets is no name. */
export function initials(name: string): string {
  const trimmed = name.replace(/[(（].*/, "").trim();
  if (/\p{Script=Han}/u.test(trimmed)) return trimmed.slice(-2);
  const words = trimmed.split(/\s+/);
  const last = words.length > 1 ? words.at(-1) : "";
  return `${words[0]?.[0] ?? ""}${last?.[0] ?? ""}`.toUpperCase();
}
