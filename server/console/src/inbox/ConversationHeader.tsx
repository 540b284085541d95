import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon, Button, Skeleton, Tooltip } from "@mantine/core";
import { IconArchive, IconArrowBackUp, IconArrowLeft, IconInfoCircle } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { useClose, useReopen } from "../api/conversations.ts";
import type { ConversationSummary } from "../api/types.ts";
import { useShortcut } from "../app/shortcuts.ts";
import { localeTag } from "../words/language.ts";
import { span } from "../words/time.ts";
import { AssignMenu } from "./AssignMenu.tsx";
import classes from "./ConversationPane.module.css";
import { viewPath } from "./views.ts";

function Origin({ conversation }: { conversation: ConversationSummary }) {
  const { i18n } = useLingui();
  const page = conversation.started_page;
  if (page === null) return <Trans>Messenger</Trans>;
  const dwell = span(page.dwell_ms, localeTag(i18n.locale));
  return (
    <Trans>
      Started on {page.path} after {dwell}
    </Trans>
  );
}

function StateButton({ conversation }: { conversation: ConversationSummary }) {
  const { t } = useLingui();
  const close = useClose(conversation.id);
  const reopen = useReopen(conversation.id);
  const open = conversation.state === "open";
  const change = open ? close : reopen;
  useShortcut("e", () => change.mutate());
  const Icon = open ? IconArchive : IconArrowBackUp;
  const failed = close.isError || reopen.isError;
  const words = open ? t`Close` : t`Reopen`;
  return (
    <Tooltip label={failed ? t`That did not work. Try again.` : t`Shortcut: E`} opened={failed || undefined}>
      <Button
        size="xs"
        h={32}
        variant={open ? "default" : "light"}
        loading={change.isPending}
        onClick={() => change.mutate()}
        leftSection={<Icon size={16} aria-hidden="true" />}
        aria-label={words}
        className={classes.state}
        data-testid={open ? "close-conversation" : "reopen-conversation"}
      >
        <span className={classes.wordy}>{words}</span>
      </Button>
    </Tooltip>
  );
}

interface HeaderProps {
  view: string;
  id: string;
  conversation: ConversationSummary | undefined;
  onPerson: () => void;
}

function Who({ conversation }: { conversation: ConversationSummary }) {
  return (
    <div className={classes.who}>
      <h2 className={classes.name}>
        {conversation.person.label}{" "}
        {conversation.state === "closed" && (
          <span className={classes.closed}>
            <Trans>Closed</Trans>
          </span>
        )}
      </h2>
      <p className={classes.sub}>
        <Origin conversation={conversation} />
      </p>
    </div>
  );
}

export function ConversationHeader({ view, conversation, onPerson }: HeaderProps) {
  const { t } = useLingui();
  const [, go] = useLocation();
  return (
    <header className={classes.header}>
      <ActionIcon
        variant="subtle"
        size={36}
        className={classes.back}
        aria-label={t`Back to the list`}
        onClick={() => go(viewPath(view))}
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      {conversation === undefined ? (
        <div className={classes.who}>
          <Skeleton height={12} width={120} />
          <Skeleton height={10} width={180} mt={8} />
        </div>
      ) : (
        <>
          <Who conversation={conversation} />
          <AssignMenu conversation={conversation} />
          <StateButton conversation={conversation} />
        </>
      )}
      <ActionIcon
        variant="subtle"
        size={36}
        className={classes.info}
        aria-label={t`About the person`}
        onClick={onPerson}
      >
        <IconInfoCircle size={20} />
      </ActionIcon>
    </header>
  );
}
