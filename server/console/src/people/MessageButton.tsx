import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMessageCircle } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useLocation } from "wouter";
import { newWords, useStartConversation } from "../api/conversations.ts";
import type { PersonBrief } from "../api/types.ts";
import { viewPath } from "../inbox/views.ts";
import { Cause } from "../ui/states.tsx";
import classes from "./MessageButton.module.css";

function FirstWords({ person, onSent }: { person: PersonBrief; onSent: (conversation: string) => void }) {
  const { t } = useLingui();
  const start = useStartConversation(person.id);
  // One draft, one client id: pressing again after a failure cannot send it twice.
  const [words, setWords] = useState(() => newWords(""));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ ...words, body: words.body.trim() }, { onSuccess: (summary) => onSent(summary.id) });
  };
  return (
    <form onSubmit={submit}>
      <textarea
        className={classes.text}
        rows={5}
        maxLength={10_000}
        dir="auto"
        aria-label={t`Message to ${person.label}`}
        placeholder={t`A line that fits what they are looking at works best`}
        value={words.body}
        data-autofocus
        onChange={(event) => setWords({ ...words, body: event.currentTarget.value })}
      />
      {start.isError && (
        <p className={classes.failed} role="alert">
          <Cause error={start.error} /> <Trans>Your words are still here.</Trans>
        </p>
      )}
      <div className={classes.foot}>
        <p className={classes.hint}>
          {person.online ? (
            <Trans>They see it at once in the messenger.</Trans>
          ) : (
            <Trans>They see it on their next visit.</Trans>
          )}
        </p>
        <Button type="submit" size="sm" loading={start.isPending} disabled={words.body.trim() === ""}>
          <Trans>Send</Trans>
        </Button>
      </div>
    </form>
  );
}

/** A teammate writes first. */
export function MessageButton({ person, quiet = false }: { person: PersonBrief; quiet?: boolean }) {
  const { t } = useLingui();
  const [, go] = useLocation();
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button
        size="xs"
        variant={quiet ? "default" : "filled"}
        leftSection={<IconMessageCircle size={15} aria-hidden="true" />}
        onClick={dialog.open}
        aria-label={t`Write to ${person.label}`}
      >
        <Trans>Write</Trans>
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title={t`Write to ${person.label}`}
        centered
        closeButtonProps={{ "aria-label": t`Close` }}
      >
        <FirstWords person={person} onSent={(conversation) => go(viewPath("all", conversation))} />
      </Modal>
    </>
  );
}
