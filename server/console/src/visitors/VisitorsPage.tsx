import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { usePeople } from "../api/queries.ts";
import type { Person } from "../api/types.ts";
import { Page } from "../ui/Page.tsx";
import { Segments } from "../ui/Segments.tsx";
import { Empty, Failed } from "../ui/states.tsx";
import { PeopleTable } from "./PeopleTable.tsx";
import classes from "./VisitorsPage.module.css";

function Nobody({ words, online }: { words: string; online: boolean }) {
  if (words !== "")
    return (
      <Empty title={<Trans>Nobody by that name</Trans>}>
        <Trans>Names, e-mails and user ids are searched.</Trans>
      </Empty>
    );
  if (online)
    return (
      <Empty rings title={<Trans>The lobby is quiet</Trans>}>
        <Trans>Whoever opens your site appears here within seconds, with the page before their eyes.</Trans>
      </Empty>
    );
  return (
    <Empty
      rings
      title={<Trans>Nobody yet</Trans>}
      action={
        <Button component="a" href="/settings#install" variant="light" size="xs">
          <Trans>Put Frontdesk on your site</Trans>
        </Button>
      }
    >
      <Trans>Visitors appear once the script is on your pages.</Trans>
    </Empty>
  );
}

function Loading() {
  return (
    <div className={classes.loading} aria-busy="true">
      {[1, 2, 3, 4, 5, 6].map((row) => (
        <Skeleton key={row} height={36} radius="md" />
      ))}
    </div>
  );
}

/** Whoever has a page before their eyes first, longest there on top: they are the ones to talk to. */
function liveFirst(people: readonly Person[]): Person[] {
  const since = (person: Person) => person.page_now?.since ?? person.last_seen_at;
  return people.toSorted(
    (one, other) => Number(other.online) - Number(one.online) || since(one).localeCompare(since(other)),
  );
}

/** Who is here now, on which page, for how long, from where, by which channel. */
export default function VisitorsPage() {
  const { t } = useLingui();
  const [scope, setScope] = useState<"online" | "all">("online");
  const [words, setWords] = useState("");
  const [searched] = useDebouncedValue(words.trim(), 200);
  const online = scope === "online";
  const query = usePeople({ online, words: searched });
  const listed = query.data?.pages.flatMap((page) => page.data) ?? [];
  const people = online ? liveFirst(listed) : listed;
  const count = online && searched === "" && query.data && !query.hasNextPage ? listed.length : null;
  return (
    <Page
      title={t`Visitors`}
      aside={
        <Segments
          label={t`Which visitors`}
          value={scope}
          onPick={setScope}
          choices={[
            { value: "online", label: count === null ? t`Here now` : t`Here now · ${count}` },
            { value: "all", label: t`Everyone` },
          ]}
        />
      }
    >
      <div className={classes.bar}>
        <TextInput
          size="sm"
          leftSection={<IconSearch size={16} aria-hidden="true" />}
          placeholder={t`Name, e-mail or user id`}
          aria-label={t`Search people`}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          className={classes.search}
        />
      </div>
      {query.isPending && <Loading />}
      {query.isError && !query.data && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && people.length === 0 && <Nobody words={searched} online={online} />}
      {people.length > 0 && <PeopleTable people={people} />}
      {query.hasNextPage && (
        <div className={classes.bar}>
          <Button
            variant="default"
            size="xs"
            loading={query.isFetchingNextPage}
            onClick={() => void query.fetchNextPage()}
          >
            <Trans>Show more</Trans>
          </Button>
        </div>
      )}
    </Page>
  );
}
