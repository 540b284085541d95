import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "wouter";
import type { Person } from "../api/types.ts";
import { campaignWords, channelName } from "../people/channel.ts";
import { MessageButton } from "../people/MessageButton.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { Time } from "../ui/Time.tsx";
import { useSeconds } from "../words/clock.ts";
import { localeTag } from "../words/language.ts";
import { country } from "../words/names.ts";
import { instant, span } from "../words/time.ts";
import classes from "./VisitorsPage.module.css";

function Dwell({ page }: { page: NonNullable<Person["page_now"]> }) {
  const { i18n } = useLingui();
  const counted = page.dwell_ms + Math.max(0, useSeconds() - instant(page.since));
  return <span className={classes.dwell}>{span(counted, localeTag(i18n.locale))}</span>;
}

function Where({ person }: { person: Person }) {
  if (person.page_now === null)
    return (
      <span className={classes.quiet}>
        <Trans>
          Last seen <Time at={person.last_seen_at} />
        </Trans>
      </span>
    );
  return (
    <>
      <span className={classes.title} dir="auto">
        {person.page_now.title || person.page_now.path}
      </span>
      <span className={classes.path}>{person.page_now.path}</span>
    </>
  );
}

function Channel({ person }: { person: Person }) {
  const { i18n } = useLingui();
  const touch = person.last_touch;
  if (touch === null) return <span className={classes.quiet}>–</span>;
  const campaign = campaignWords(touch);
  return (
    <>
      <span className={classes.title}>{channelName(touch.channel, i18n)}</span>
      {campaign !== "" && <span className={classes.path}>{campaign}</span>}
    </>
  );
}

function Row({ person }: { person: Person }) {
  const { i18n } = useLingui();
  return (
    <tr data-testid="visitor-row" data-id={person.id}>
      <th scope="row">
        <Link href={`/people/${encodeURIComponent(person.id)}`} className={classes.who}>
          <Avatar name={person.label} color={person.color} size={32} online={person.online} />
          <span className={classes.cell}>
            <span className={classes.name}>{person.label}</span>
            <span className={classes.path}>
              {person.email ?? (person.kind === "visitor" ? <Trans>Visitor</Trans> : "")}
            </span>
          </span>
        </Link>
      </th>
      <td>
        <Where person={person} />
      </td>
      <td className={classes.narrow}>{person.page_now === null ? null : <Dwell page={person.page_now} />}</td>
      <td className={classes.wide}>
        {person.country === null ? (
          <span className={classes.quiet}>–</span>
        ) : (
          country(person.country, localeTag(i18n.locale))
        )}
      </td>
      <td className={classes.wide}>
        <Channel person={person} />
      </td>
      <td className={classes.wider}>{person.sessions}</td>
      <td className={classes.action}>
        <MessageButton person={person} quiet />
      </td>
    </tr>
  );
}

export function PeopleTable({ people }: { people: readonly Person[] }) {
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th scope="col">
            <Trans>Who</Trans>
          </th>
          <th scope="col">
            <Trans>Page</Trans>
          </th>
          <th scope="col" className={classes.narrow}>
            <Trans>There for</Trans>
          </th>
          <th scope="col" className={classes.wide}>
            <Trans>Country</Trans>
          </th>
          <th scope="col" className={classes.wide}>
            <Trans>Channel</Trans>
          </th>
          <th scope="col" className={classes.wider}>
            <Trans>Sessions</Trans>
          </th>
          <td />
        </tr>
      </thead>
      <tbody>
        {people.map((person) => (
          <Row key={person.id} person={person} />
        ))}
      </tbody>
    </table>
  );
}
