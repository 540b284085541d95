import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Person, Touch } from "../api/types.ts";
import { Time } from "../ui/Time.tsx";
import { useSeconds } from "../words/clock.ts";
import { localeTag } from "../words/language.ts";
import { country, languageName } from "../words/names.ts";
import { instant, span } from "../words/time.ts";
import { campaignWords, channelName } from "./channel.ts";
import classes from "./PersonPane.module.css";

export function Fact({ name, children, hook }: { name: ReactNode; children: ReactNode; hook?: string }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd data-testid={hook}>{children}</dd>
    </div>
  );
}

function Dwell({ page }: { page: NonNullable<Person["page_now"]> }) {
  const { i18n } = useLingui();
  const counted = page.dwell_ms + Math.max(0, useSeconds() - instant(page.since));
  return <>{span(counted, localeTag(i18n.locale))}</>;
}

/** The page before their eyes right now, and how long it has been there. */
export function PageNow({ person }: { person: Person }) {
  const page = person.page_now;
  if (page === null) return null;
  return (
    <div className={classes.now} data-testid="person-page-now">
      <p className={classes.nowLabel}>
        <span>
          <Trans>Looking at</Trans>
        </span>
        <span className={classes.dwell}>
          <Dwell page={page} />
        </span>
      </p>
      <p className={classes.nowTitle} dir="auto">
        {page.title || page.path}
      </p>
      <p className={classes.nowPath}>{page.path}</p>
    </div>
  );
}

function TouchWords({ touch }: { touch: Touch }) {
  const { i18n } = useLingui();
  const campaign = campaignWords(touch);
  return (
    <>
      {channelName(touch.channel, i18n)}
      {campaign !== "" && <span className={classes.more}>{campaign}</span>}
      {campaign === "" && touch.referrer && <span className={classes.more}>{host(touch.referrer)}</span>}
    </>
  );
}

function host(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

function place(person: Person, locale: string): string | null {
  const parts = [
    person.city,
    person.region,
    person.country === null ? null : country(person.country, locale),
  ];
  const known = parts.filter((each) => each !== null && each !== "");
  return known.length === 0 ? null : known.join(locale.startsWith("zh") ? "，" : ", ");
}

/** Through which channel, from where, and since when. */
export function Origin({ person }: { person: Person }) {
  const { i18n } = useLingui();
  const first = person.first_touch;
  const last = person.last_touch;
  const where = place(person, localeTag(i18n.locale));
  const moved = first !== null && last !== null && first.channel !== last.channel;
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <Trans>Where from</Trans>
      </h3>
      <dl>
        <Fact name={<Trans>Channel</Trans>} hook="person-channel">
          {last === null ? <Trans>Unknown</Trans> : <TouchWords touch={last} />}
        </Fact>
        {moved && (
          <Fact name={<Trans>First came by</Trans>}>
            <TouchWords touch={first} />
          </Fact>
        )}
        {where !== null && <Fact name={<Trans>Place</Trans>}>{where}</Fact>}
        <Fact name={<Trans>First seen</Trans>}>
          <Time at={person.first_seen_at} />
        </Fact>
        <Fact name={<Trans>Visits</Trans>}>
          <Plural value={person.sessions} one="# session" other="# sessions" />
          {" · "}
          <Plural value={person.page_views} one="# page view" other="# page views" />
        </Fact>
      </dl>
    </section>
  );
}

/** With what they see us, and in which language and zone. */
export function Device({ person }: { person: Person }) {
  const { i18n } = useLingui();
  const browser = [person.browser, person.os].filter((each) => each !== null && each !== "").join(" · ");
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <Trans>Device</Trans>
      </h3>
      <dl>
        {browser !== "" && <Fact name={<Trans>Browser</Trans>}>{browser}</Fact>}
        {person.language !== null && (
          <Fact name={<Trans>Language</Trans>}>{languageName(person.language, localeTag(i18n.locale))}</Fact>
        )}
        {person.timezone !== null && (
          <Fact name={<Trans>Time there</Trans>}>
            <LocalTime zone={person.timezone} />
          </Fact>
        )}
      </dl>
    </section>
  );
}

function LocalTime({ zone }: { zone: string }) {
  const { i18n } = useLingui();
  const at = useSeconds();
  try {
    const options = { hour: "2-digit", minute: "2-digit", timeZone: zone } as const;
    return <span title={zone}>{new Intl.DateTimeFormat(localeTag(i18n.locale), options).format(at)}</span>;
  } catch {
    return <>{zone}</>;
  }
}

export function Tags({ person }: { person: Person }) {
  const labels = [...person.companies.map((company) => company.name), ...person.tags];
  if (labels.length === 0) return null;
  return (
    <ul className={classes.tags}>
      {labels.map((label) => (
        <li key={label} data-vip={label === "vip"}>
          {label}
        </li>
      ))}
    </ul>
  );
}

function plain(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}

export function Attributes({ person }: { person: Person }) {
  const known: [string, unknown][] = Object.entries(person.attributes);
  if (person.phone !== null) known.unshift(["phone", person.phone]);
  if (person.user_id !== null) known.unshift(["user_id", person.user_id]);
  if (known.length === 0) return null;
  return (
    <section className={classes.section}>
      <h3 className={classes.heading}>
        <Trans>Attributes</Trans>
      </h3>
      <dl>
        {known.map(([name, value]) => (
          <Fact key={name} name={<span dir="auto">{name}</span>}>
            <span dir="auto">{plain(value)}</span>
          </Fact>
        ))}
      </dl>
    </section>
  );
}
