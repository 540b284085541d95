/** Ink and paper of LOOK: what text on a brand colour may be. */
const INK = "#1d1f24";
const WHITE = "#ffffff";
/** WCAG 2.2, text of body size. */
export const READABLE = 4.5;

/** Channels 0–255 of `#rgb` or `#rrggbb`; anything else is our teal. */
export function channels(colour: string): number[] {
  const hex = /^#([\da-f]{6}|[\da-f]{3})$/i.exec(colour)?.[1] ?? "0e7c6b";
  const long = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16));
}

/** Relative luminance, WCAG 2.2. */
function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio, 1 to 21. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** What text on `colour` should be: white while that reads, else ink, whichever reads better. */
export function textOn(colour: string): string {
  const onWhite = contrast(colour, WHITE);
  return onWhite >= READABLE || onWhite > contrast(colour, INK) ? WHITE : INK;
}
