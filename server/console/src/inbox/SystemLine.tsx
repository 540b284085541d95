import { Trans, useLingui } from "@lingui/react/macro";
import { IconChevronDown } from "@tabler/icons-react";
import { useId, useState } from "react";
import type { Part } from "../api/types.ts";
import { Time } from "../ui/Time.tsx";
import { systemSentence } from "./systemPart.ts";
import classes from "./Thread.module.css";

/** One muted line for what nobody spoke; where there are reasons, it opens to them. */
export function SystemLine({ part }: { part: Part }) {
  const { i18n, t } = useLingui();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { line, reasons } = systemSentence(part, i18n);
  const hooks = { "data-testid": "part", "data-kind": part.kind, "data-seq": part.seq };
  if (reasons.length === 0)
    return (
      <p className={classes.system} {...hooks}>
        <span data-testid="system-part">{line}</span> · <Time at={part.created_at} as="clock" />
      </p>
    );
  return (
    <div className={classes.system} {...hooks}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        data-testid="system-part"
      >
        <span>{line}</span>
        <IconChevronDown size={13} aria-hidden="true" />
      </button>
      {open && (
        <div id={id}>
          <ul className={classes.reasons} data-testid="system-reasons" aria-label={t`Reasons`}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
          <p>
            <Trans>
              Decided <Time at={part.created_at} />
            </Trans>
          </p>
        </div>
      )}
    </div>
  );
}
