import { useLingui } from "@lingui/react/macro";
import { Drawer } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useEffect } from "react";
import { useConversation } from "../api/queries.ts";
import { viewing } from "../live/socket.ts";
import { PersonPane } from "../people/PersonPane.tsx";
import { Failed } from "../ui/states.tsx";
import { Composer } from "./Composer.tsx";
import { ConversationHeader } from "./ConversationHeader.tsx";
import classes from "./ConversationPane.module.css";
import { Thread } from "./Thread.tsx";

interface PaneProps {
  view: string;
  id: string;
  personOpen: boolean;
  onPerson: () => void;
  onPersonClose: () => void;
}

function useViewing(id: string): void {
  useEffect(() => {
    viewing(id);
    return () => viewing(null);
  }, [id]);
}

/** The conversation, and beside it the person it is with. */
export function ConversationPane({ view, id, personOpen, onPerson, onPersonClose }: PaneProps) {
  const { t } = useLingui();
  const wide = useMediaQuery("(min-width: 1100px)", undefined, { getInitialValueInEffect: false });
  const query = useConversation(id);
  const conversation = query.data;
  useViewing(id);
  if (query.isError && conversation === undefined)
    return (
      <section className={classes.conversation} aria-label={t`Conversation`}>
        <Failed error={query.error} again={() => void query.refetch()} />
      </section>
    );
  const person = conversation?.person.id;
  return (
    <div className={classes.pane}>
      <section
        className={classes.conversation}
        aria-label={t`Conversation`}
        aria-busy={conversation === undefined}
      >
        <ConversationHeader view={view} id={id} conversation={conversation} onPerson={onPerson} />
        {conversation !== undefined && (
          <>
            <Thread conversation={conversation} />
            <Composer conversation={conversation} />
          </>
        )}
      </section>
      {wide && person !== undefined && (
        <aside className={classes.person} aria-label={t`Person`}>
          <PersonPane id={person} />
        </aside>
      )}
      {!wide && person !== undefined && (
        <Drawer
          opened={personOpen}
          onClose={onPersonClose}
          position="right"
          size={360}
          title={t`Person`}
          closeButtonProps={{ "aria-label": t`Close` }}
          classNames={{ body: classes.drawer }}
        >
          <PersonPane id={person} />
        </Drawer>
      )}
    </div>
  );
}
