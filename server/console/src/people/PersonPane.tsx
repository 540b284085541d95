import { Trans } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { Link } from "wouter";
import { usePerson } from "../api/queries.ts";
import type { Person } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Failed } from "../ui/states.tsx";
import { Time } from "../ui/Time.tsx";
import { Attributes, Device, Origin, PageNow, Tags } from "./facts.tsx";
import classes from "./PersonPane.module.css";
import { Timeline } from "./Timeline.tsx";
import { Unverified } from "./Unverified.tsx";

function Head({ person }: { person: Person }) {
  return (
    <header className={classes.head}>
      <Avatar name={person.label} color={person.color} size={44} online={person.online} />
      <div className={classes.who}>
        <h2 className={classes.name}>
          <Link href={`/people/${encodeURIComponent(person.id)}`} className={classes.profile}>
            {person.label}
          </Link>
          <Unverified person={person} />
        </h2>
        <p className={classes.sub}>
          {person.email ??
            (person.kind === "visitor" ? <Trans>Visitor without a name</Trans> : person.user_id)}
        </p>
        <p className={classes.sub}>
          {person.online ? (
            <span className={classes.online}>
              <Trans>On the site now</Trans>
            </span>
          ) : (
            <Trans>
              Last seen <Time at={person.last_seen_at} />
            </Trans>
          )}
        </p>
      </div>
    </header>
  );
}

/** Who is this, where did they come from, what did they do. */
export function PersonPane({ id }: { id: string }) {
  const query = usePerson(id);
  if (query.isError && query.data === undefined)
    return <Failed error={query.error} again={() => void query.refetch()} />;
  const person = query.data;
  if (person === undefined) return <LoadingPane />;
  return (
    <div className={classes.pane} data-testid="person-pane" data-id={person.id}>
      <Head person={person} />
      <PageNow person={person} />
      <Origin person={person} />
      <Device person={person} />
      <Tags person={person} />
      <Attributes person={person} />
      <section className={classes.section}>
        <h3 className={classes.heading}>
          <Trans>Activity</Trans>
        </h3>
        <Timeline person={person.id} />
      </section>
    </div>
  );
}

function LoadingPane() {
  return (
    <div className={classes.pane} aria-busy="true">
      <div className={classes.head}>
        <Skeleton circle height={44} />
        <div className={classes.who}>
          <Skeleton height={14} width="60%" />
          <Skeleton height={10} width="80%" mt={8} />
        </div>
      </div>
      {[64, 140, 120].map((height) => (
        <Skeleton key={height} height={height} radius="lg" mb={16} />
      ))}
    </div>
  );
}
