/** Teal, where the site chose no colour of its own. */
export const TEAL = "#0e7c6b";
/** WCAG 2.2, text of body size. */
export const READABLE = 4.5;

/** Relative luminance of `#rrggbb`, WCAG 2.2. */
export function luminance(colour: string): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const part = Number.parseInt(colour.substring(1 + at * 2, 3 + at * 2), 16) / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
}

/** Contrast ratio of two luminances, 1 to 21. */
export function contrast(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** What text on `colour` should be: white while that reads, else ink, whichever reads better. */
export function textOn(colour: string): string {
  const [white, ink] = ["#ffffff", "#1d1f24"] as const;
  const onWhite = contrast(luminance(colour), 1);
  return onWhite >= READABLE || onWhite > contrast(luminance(colour), luminance(ink)) ? white : ink;
}
