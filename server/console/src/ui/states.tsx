import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { Problem, Unreachable } from "../api/client.ts";
import { Bell, Rings } from "../brand/Bell.tsx";
import classes from "./states.module.css";

interface EmptyProps {
  title: ReactNode;
  children?: ReactNode;
  action?: ReactNode;
  rings?: boolean;
}

/** Nothing here yet: what it means, and the next step. */
export function Empty({ title, children, action, rings = false }: EmptyProps) {
  return (
    <div className={classes.state}>
      {rings && (
        <div className={classes.mark}>
          <Rings className={classes.rings} />
          <Bell size={44} />
        </div>
      )}
      <p className={classes.title}>{title}</p>
      {children !== undefined && <p className={classes.words}>{children}</p>}
      {action}
    </div>
  );
}

/** What happened, in the reader's words. */
export function Cause({ error }: { error: unknown }) {
  if (error instanceof Unreachable)
    return <Trans>The server did not answer. Your connection may be down.</Trans>;
  if (error instanceof Problem && error.status === 404)
    return <Trans>It does not exist, or you may not see it.</Trans>;
  if (error instanceof Problem && error.status >= 500)
    return <Trans>The server could not do it just now ({error.code}).</Trans>;
  if (error instanceof Problem) return <>{error.message}</>;
  return <Trans>Something in this page went wrong.</Trans>;
}

/** Reading failed: what happened, that nothing is lost, and one button to try again. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  return (
    <div className={classes.state} role="alert">
      <p className={classes.title}>
        <Trans>This could not be loaded</Trans>
      </p>
      <p className={classes.words}>
        <Cause error={error} /> <Trans>Nothing is lost.</Trans>
      </p>
      {again !== undefined && (
        <Button variant="default" size="xs" onClick={again}>
          <Trans>Try again</Trans>
        </Button>
      )}
    </div>
  );
}
