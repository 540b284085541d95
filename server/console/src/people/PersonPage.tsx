import { plural } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { Link } from "wouter";
import { usePerson } from "../api/queries.ts";
import type { Person } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Page } from "../ui/Page.tsx";
import { Failed } from "../ui/states.tsx";
import { Time } from "../ui/Time.tsx";
import { localeTag } from "../words/language.ts";
import { Attributes, Device, Origin, PageNow, Tags } from "./facts.tsx";
import { MessageButton } from "./MessageButton.tsx";
import classes from "./PersonPage.module.css";
import { Timeline } from "./Timeline.tsx";
import { Unverified } from "./Unverified.tsx";

function Figure({ value, name }: { value: number; name: string }) {
  const { i18n } = useLingui();
  return (
    <div className={classes.figure}>
      <dd>{new Intl.NumberFormat(localeTag(i18n.locale)).format(value)}</dd>
      <dt>{name}</dt>
    </div>
  );
}

function Head({ person }: { person: Person }) {
  return (
    <header className={classes.head}>
      <Avatar name={person.label} color={person.color} size={64} online={person.online} />
      <div className={classes.who}>
        <h2 className={classes.name}>
          {person.label}
          <Unverified person={person} />
        </h2>
        <p className={classes.sub}>
          {person.email ??
            (person.kind === "visitor" ? <Trans>Visitor without a name</Trans> : person.user_id)}
          {" · "}
          {person.online ? <Trans>on the site now</Trans> : <Time at={person.last_seen_at} />}
        </p>
      </div>
      <dl className={classes.figures}>
        <Figure
          value={person.sessions}
          name={plural(person.sessions, { one: "session", other: "sessions" })}
        />
        <Figure
          value={person.page_views}
          name={plural(person.page_views, { one: "page view", other: "page views" })}
        />
        <Figure
          value={person.conversations}
          name={plural(person.conversations, { one: "conversation", other: "conversations" })}
        />
      </dl>
    </header>
  );
}

function Profile({ person }: { person: Person }) {
  return (
    <div className={classes.columns}>
      <div className={classes.facts}>
        <PageNow person={person} />
        <Tags person={person} />
        <Origin person={person} />
        <Device person={person} />
        <Attributes person={person} />
      </div>
      <section className={classes.activity}>
        <h3 className={classes.heading}>
          <Trans>Activity</Trans>
        </h3>
        <Timeline person={person.id} />
      </section>
    </div>
  );
}

/** Everything that is known of one person, and what they did. */
export default function PersonPage({ id }: { id: string }) {
  const { t } = useLingui();
  const query = usePerson(id);
  const person = query.data;
  return (
    <Page title={t`Person`} aside={person === undefined ? null : <MessageButton person={person} />}>
      <div className={classes.page}>
        <p className={classes.trail}>
          <Link href="/visitors" className={classes.back}>
            ← <Trans>Visitors</Trans>
          </Link>
        </p>
        {query.isError && person === undefined && (
          <Failed error={query.error} again={() => void query.refetch()} />
        )}
        {query.isPending && <Skeleton height={64} radius="lg" aria-busy="true" />}
        {person !== undefined && (
          <>
            <Head person={person} />
            <Profile person={person} />
          </>
        )}
      </div>
    </Page>
  );
}
