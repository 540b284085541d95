import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { initials } from "../look/initials";
import type { Face as Person } from "../wire";

/** A picture of the person, or their initials while there is none or it does not load. */
export function Face({ of, name }: { of: Person; name: string }): JSX.Element {
  const [broken, setBroken] = useState(false);
  return (
    <span class="face" aria-hidden="true">
      {initials(of.name || name)}
      {of.avatar && !broken && <img src={of.avatar} alt="" onError={() => setBroken(true)} />}
    </span>
  );
}

/** Up to three of the team, overlapping. */
export function Faces({ of, name }: { of: Person[]; name: string }): JSX.Element {
  return (
    <span class="faces">
      {of.slice(0, 3).map((person) => (
        <Face key={person.name} of={person} name={name} />
      ))}
    </span>
  );
}

const ICONS = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  send: "M12 19V5M5.5 11.5L12 5l6.500 6.500",
  write: "M4.500 11.500L20 4l-6.500 16-2.500-7z",
};

export function Icon({ of }: { of: keyof typeof ICONS }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={`icon-${of}`}>
      <path d={ICONS[of]} />
    </svg>
  );
}
