import { Trans } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import type { Outgoing } from "../live/outbox.ts";
import { discard } from "../live/outboxStore.ts";
import { retry } from "../live/sending.ts";
import { Bubble } from "./Bubble.tsx";
import classes from "./Run.module.css";

function Why({ outgoing }: { outgoing: Outgoing }) {
  if (outgoing.why === "unreachable")
    return <Trans>Not sent: no connection. Your words are kept here.</Trans>;
  if (outgoing.why === "reloaded") return <Trans>Perhaps not sent before the page was loaded again.</Trans>;
  return <Trans>Not sent: {outgoing.why}</Trans>;
}

/** My words before the server has them: sending, or failed with the way on. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }) {
  const client = useQueryClient();
  const side = outgoing.kind === "note" ? "note" : "ours";
  return (
    <div className={classes.run} data-side="ours" data-testid="outgoing" data-state={outgoing.state}>
      <div className={classes.words}>
        <Bubble side={side} text={outgoing.body} at={outgoing.at} faded={outgoing.state === "sending"} />
        {outgoing.state === "sending" ? (
          <p className={classes.state}>
            <Trans>Sending…</Trans>
          </p>
        ) : (
          <div className={classes.failed} role="alert">
            <span>
              <Why outgoing={outgoing} />
            </span>
            {outgoing.retryable && (
              <button type="button" onClick={() => void retry(client, outgoing)}>
                <Trans>Send again</Trans>
              </button>
            )}
            <button type="button" onClick={() => discard(outgoing.clientId)}>
              <Trans>Discard</Trans>
            </button>
          </div>
        )}
      </div>
    </div>
  );
}
