import { useId } from "react";
import classes from "./Segments.module.css";

interface SegmentsProps<T extends string> {
  label: string;
  value: T;
  choices: readonly { value: T; label: string }[];
  onPick: (value: T) => void;
}

/** A choice of few, all of them in view: radio buttons in one row. */
export function Segments<T extends string>({ label, value, choices, onPick }: SegmentsProps<T>) {
  const name = useId();
  return (
    <fieldset className={classes.segments} aria-label={label}>
      {choices.map((choice) => (
        <label key={choice.value} className={classes.segment}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onPick(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
