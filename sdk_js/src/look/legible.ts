import { channels, contrast, READABLE } from "./colour";

/** `colour` moved towards `end` until it reads on `paper`. */
export function legible(colour: string, paper: string, end: string): string {
  const [from, to] = [channels(colour), channels(end)];
  for (let step = 0; step <= 20; step++) {
    const mixed = from.map((channel, at) => Math.round(channel + (((to[at] as number) - channel) * step) / 20));
    const hex = `#${mixed.map((channel) => (channel + 256).toString(16).slice(1)).join("")}`;
    if (contrast(hex, paper) >= READABLE) return hex;
  }
  return end;
}
