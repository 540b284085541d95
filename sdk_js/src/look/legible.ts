import { contrast, luminance, READABLE } from "./colour";

const STEPS = 20;

/** `colour` moved towards `end` until it reads on `paper`; all `#rrggbb`. */
export function legible(colour: string, paper: string, end: string): string {
  for (let step = 0; step < STEPS; step++) {
    const mixed = mix(colour, end, step / STEPS);
    if (contrast(luminance(mixed), luminance(paper)) >= READABLE) return mixed;
  }
  return end;
}

function mix(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [one, other] = [from, to].map((colour) => Number.parseInt(colour.substring(at, at + 2), 16)) as [
      number,
      number,
    ];
    return Math.round(one + (other - one) * share);
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
