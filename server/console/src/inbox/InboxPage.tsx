import { Trans, useLingui } from "@lingui/react/macro";
import { useDisclosure } from "@mantine/hooks";
import { useLocation } from "wouter";
import { useConversations } from "../api/queries.ts";
import { MOD, useShortcut } from "../app/shortcuts.ts";
import { Empty } from "../ui/states.tsx";
import { ConversationList } from "./ConversationList.tsx";
import { ConversationPane } from "./ConversationPane.tsx";
import classes from "./InboxPage.module.css";
import { ViewsNav } from "./ViewsNav.tsx";
import { viewPath } from "./views.ts";

interface InboxProps {
  view: string;
  conversation: string | null;
}

/** j and k walk the list as it is shown, without touching the mouse. */
function useWalking({ view, conversation }: InboxProps): void {
  const [, go] = useLocation();
  const list = useConversations(view).data?.pages.flatMap((page) => page.data) ?? [];
  const walk = (by: 1 | -1) => {
    const here = list.findIndex((each) => each.id === conversation);
    const next = list[here === -1 ? 0 : here + by];
    if (next !== undefined) go(viewPath(view, next.id));
  };
  useShortcut("j", () => walk(1));
  useShortcut("k", () => walk(-1));
}

/** Views, list, conversation, person: side by side where there is room, one at a time where there is not. */
export function InboxPage({ view, conversation }: InboxProps) {
  const { t } = useLingui();
  const [person, drawer] = useDisclosure(false);
  useWalking({ view, conversation });
  return (
    <main className={classes.inbox} data-open={conversation !== null} aria-label={t`Inbox`}>
      <ViewsNav current={view} />
      <ConversationList view={view} selected={conversation} />
      {conversation === null ? (
        <section className={classes.nothing} aria-label={t`Conversation`}>
          <Empty rings title={<Trans>Pick a conversation</Trans>}>
            <Trans>Press J and K to walk through the list, {MOD}K to reach everything else.</Trans>
          </Empty>
        </section>
      ) : (
        <ConversationPane
          key={conversation}
          view={view}
          id={conversation}
          personOpen={person}
          onPerson={drawer.toggle}
          onPersonClose={drawer.close}
        />
      )}
    </main>
  );
}
