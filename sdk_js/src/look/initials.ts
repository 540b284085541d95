/** Initials of a name: two for Latin names, the last two signs of a Chinese one; what stands in brackets is no name. */
export function initials(name: string): string {
  const [first = "", ...more] = name
    .replace(/[(（].*/, "")
    .trim()
    .split(/\s+/);
  if (/\p{sc=Han}/u.test(name)) return first.slice(-2);
  return (first.slice(0, 1) + (more.at(-1) ?? "").slice(0, 1)).toUpperCase();
}
