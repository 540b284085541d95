import { Trans, useLingui } from "@lingui/react/macro";
import { Tooltip } from "@mantine/core";
import type { Person } from "../api/types.ts";
import classes from "./Unverified.module.css";

/** A quiet mark beside a name that nobody but the browser itself has given. An alias needs none: it claims nothing. */
export function Unverified({ person }: { person: Person }) {
  const { t } = useLingui();
  const claimed = person.name ?? person.email ?? person.user_id;
  if (person.verified || claimed === null) return null;
  return (
    <Tooltip
      label={t`This is what the browser says. Your server has not confirmed it, so it may be somebody else.`}
      multiline
      maw={260}
      events={{ hover: true, focus: true, touch: true }}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what the mark means must be reachable by keyboard, too */}
      <span className={classes.mark} tabIndex={0} data-testid="person-unverified">
        <Trans>Unverified</Trans>
      </span>
    </Tooltip>
  );
}
