/** The mark: a reception bell, drawn in brass. Decorative wherever a name stands beside it. */
export function Bell({ size = 24, label }: { size?: number; label?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      role={label === undefined ? undefined : "img"}
      aria-label={label}
      aria-hidden={label === undefined}
      fill="var(--brass)"
    >
      <rect x="12.9" y="3.6" width="6.2" height="3.2" rx="1.6" />
      <rect x="15" y="6" width="2" height="3.4" />
      <path d="M4.6 21.2a11.4 11.4 0 0 1 22.8 0Z" />
      <rect x="2.6" y="22.8" width="26.8" height="3.6" rx="1.8" />
      <path
        d="M8.7 18.6a7.9 7.9 0 0 1 4.2-5.6"
        fill="none"
        stroke="var(--paper)"
        strokeOpacity="0.8"
        strokeWidth="1.7"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** Rings that leave the bell, for the few quiet places: the log-in and empty states. */
export function Rings({ className }: { className?: string }) {
  const radii = [120, 200, 290, 390, 500, 620, 750];
  return (
    <svg
      className={className}
      viewBox="-800 -800 1600 1600"
      aria-hidden="true"
      fill="none"
      stroke="var(--brass)"
    >
      {radii.map((radius, index) => (
        <circle key={radius} r={radius} strokeOpacity={0.34 - index * 0.042} strokeWidth={1.4} />
      ))}
    </svg>
  );
}
