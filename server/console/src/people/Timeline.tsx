import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton } from "@mantine/core";
import { IconBolt, IconClock, IconFileText, IconId } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useEvents } from "../api/queries.ts";
import type { PersonEvent } from "../api/types.ts";
import { Empty, Failed } from "../ui/states.tsx";
import { Time } from "../ui/Time.tsx";
import { eventWords } from "./events.ts";
import classes from "./PersonPane.module.css";

function icon(event: PersonEvent) {
  if (event.type === "page" || event.type === "screen") return IconFileText;
  if (event.type !== "track") return IconId;
  return event.name === "Page Dwell" || event.name === "Page Left" ? IconClock : IconBolt;
}

function EventLine({ event }: { event: PersonEvent }) {
  const { i18n, t } = useLingui();
  const { title, more } = eventWords(event, i18n);
  const Icon = icon(event);
  return (
    <li className={classes.event} data-own={Icon === IconBolt}>
      <Icon size={15} stroke={1.7} aria-hidden="true" />
      <div className={classes.eventWords}>
        <p className={classes.eventTop}>
          <span className={classes.eventTitle} dir="auto">
            {title}
          </span>
          <Time at={event.occurred_at} as="brief" className={classes.eventTime} />
        </p>
        {more !== "" && more !== title && (
          <p
            className={classes.eventMore}
            dir="auto"
            title={event.verified ? t`Sent by your server` : undefined}
          >
            {more}
          </p>
        )}
      </div>
    </li>
  );
}

/** What they did, newest first, a gap between sessions. */
export function Timeline({ person }: { person: string }) {
  const query = useEvents(person);
  const events = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isError && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  if (query.isPending)
    return [1, 2, 3, 4].map((row) => <Skeleton key={row} height={32} radius="md" mb={6} aria-busy="true" />);
  if (events.length === 0)
    return (
      <Empty title={<Trans>Nothing yet</Trans>}>
        <Trans>Pages and events appear here as they happen.</Trans>
      </Empty>
    );
  return (
    <>
      <ol>
        {events.map((event, index) => (
          <SessionGap key={event.id} before={events[index - 1]} event={event}>
            <EventLine event={event} />
          </SessionGap>
        ))}
      </ol>
      {query.hasNextPage && (
        <Button
          variant="subtle"
          size="xs"
          fullWidth
          mt={8}
          loading={query.isFetchingNextPage}
          onClick={() => void query.fetchNextPage()}
        >
          <Trans>Show earlier</Trans>
        </Button>
      )}
    </>
  );
}

interface GapProps {
  before: PersonEvent | undefined;
  event: PersonEvent;
  children: ReactNode;
}

function SessionGap({ before, event, children }: GapProps) {
  const same = before === undefined || before.session_id === event.session_id || event.session_id === null;
  return (
    <>
      {!same && (
        <li className={classes.gap}>
          <Trans>Earlier session</Trans>
        </li>
      )}
      {children}
    </>
  );
}
