import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Menu, Skeleton } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useRef } from "react";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useLocation } from "wouter";
import { useConversations, useViews } from "../api/queries.ts";
import type { ConversationSummary } from "../api/types.ts";
import { Empty, Failed } from "../ui/states.tsx";
import classes from "./ConversationList.module.css";
import { ConversationRow } from "./ConversationRow.tsx";
import { viewName, viewPath } from "./views.ts";

const LOADING_ROWS = [1, 2, 3, 4, 5, 6, 7];

/** Where the views have no column of their own, the title of the list opens them. */
function Title({ view }: { view: string }) {
  const { i18n, t } = useLingui();
  const [, go] = useLocation();
  const views = useViews().data ?? [];
  const current = views.find((each) => each.key === view);
  const name = current === undefined ? t`Inbox` : viewName(current, i18n);
  return (
    <>
      <h1 className={classes.title}>{name}</h1>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <button type="button" className={classes.switch} aria-label={t`Change the view, now ${name}`}>
            {name} <IconChevronDown size={16} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.map((each) => (
            <Menu.Item key={each.key} onClick={() => go(viewPath(each.key))} rightSection={each.count}>
              {viewName(each, i18n)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** The first screen's answer to "what needs me now?". */
function Waiting({ list }: { list: readonly ConversationSummary[] }) {
  const waiting = list.filter((each) => each.waiting_since !== null).length;
  if (waiting === 0) return null;
  return (
    <p className={classes.waiting}>
      <Plural value={waiting} one="# waits for an answer" other="# wait for an answer" />
    </p>
  );
}

function NothingHere({ view }: { view: string }) {
  if (view === "mine")
    return (
      <Empty title={<Trans>Nothing is waiting for you</Trans>}>
        <Trans>Take one from Unassigned, or let a rule bring the right ones.</Trans>
      </Empty>
    );
  if (view === "closed")
    return (
      <Empty title={<Trans>Nothing closed yet</Trans>}>
        <Trans>A conversation that is settled is closed with E and rests here.</Trans>
      </Empty>
    );
  return (
    <Empty title={<Trans>All answered</Trans>}>
      <Trans>New conversations appear here the moment a visitor writes.</Trans>
    </Empty>
  );
}

export function ConversationList({ view, selected }: { view: string; selected: string | null }) {
  const { t } = useLingui();
  const scroller = useRef<HTMLDivElement>(null);
  const handle = useRef<VirtualizerHandle>(null);
  const query = useConversations(view);
  const list = query.data?.pages.flatMap((page) => page.data) ?? [];
  const nearEnd = () => {
    const at = handle.current;
    if (at === null || !query.hasNextPage || query.isFetchingNextPage) return;
    if (at.scrollOffset + at.viewportSize * 2 > at.scrollSize) void query.fetchNextPage();
  };
  return (
    <section className={classes.list} aria-label={t`Conversations`}>
      <header className={classes.header}>
        <Title view={view} />
        <Waiting list={list} />
      </header>
      <div className={classes.scroll} ref={scroller} aria-busy={query.isPending}>
        {query.isPending && LOADING_ROWS.map((row) => <LoadingRow key={row} />)}
        {query.isError && !query.data && <Failed error={query.error} again={() => void query.refetch()} />}
        {query.data && list.length === 0 && <NothingHere view={view} />}
        <Virtualizer
          ref={handle}
          scrollRef={scroller}
          as="ul"
          item="li"
          itemSize={88}
          onScroll={nearEnd}
          data={list}
        >
          {(conversation) => (
            <ConversationRow
              key={conversation.id}
              conversation={conversation}
              view={view}
              here={conversation.id === selected}
            />
          )}
        </Virtualizer>
      </div>
    </section>
  );
}

function LoadingRow() {
  return (
    <div className={classes.loading}>
      <Skeleton circle height={36} />
      <div>
        <Skeleton height={12} width="45%" />
        <Skeleton height={12} mt={10} />
        <Skeleton height={10} width="60%" mt={10} />
      </div>
    </div>
  );
}
