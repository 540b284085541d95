import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { Menu, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconChevronDown, IconInboxOff, IconUserPlus, IconUsersGroup } from "@tabler/icons-react";
import { type Assignment, useAssign } from "../api/conversations.ts";
import { useMe, useTeammates, useTeams } from "../api/queries.ts";
import type { ConversationSummary, Teammate } from "../api/types.ts";
import { useShortcut } from "../app/shortcuts.ts";
import { Avatar } from "../ui/Avatar.tsx";
import classes from "./ConversationPane.module.css";
import { byReadiness } from "./readiness.ts";

function TeammateItem({ teammate, mine, onPick }: { teammate: Teammate; mine: boolean; onPick: () => void }) {
  return (
    <Menu.Item
      leftSection={<Avatar name={teammate.name} image={teammate.avatar} size={24} online={teammate.online} />}
      rightSection={
        <span className={classes.load}>
          <Plural value={teammate.open_count} one="# open" other="# open" />
        </span>
      }
      onClick={onPick}
      data-testid="assign-option"
      data-id={teammate.id}
    >
      {mine ? <Trans>Assign to me</Trans> : teammate.name}
    </Menu.Item>
  );
}

function Holder({ conversation }: { conversation: ConversationSummary }) {
  const { assignee, team } = conversation;
  if (assignee !== null)
    return (
      <>
        <Avatar name={assignee.name} image={assignee.avatar} size={20} />
        <span>{assignee.name}</span>
      </>
    );
  return (
    <>
      {team === null ? (
        <IconUserPlus size={16} aria-hidden="true" />
      ) : (
        <IconUsersGroup size={16} aria-hidden="true" />
      )}
      <span>{team === null ? <Trans>Assign</Trans> : team.name}</span>
    </>
  );
}

/** Who must answer: teammates with presence and load, teams, or the queue. */
export function AssignMenu({ conversation }: { conversation: ConversationSummary }) {
  const { t } = useLingui();
  const me = useMe().teammate.id;
  const [opened, menu] = useDisclosure(false);
  const assign = useAssign(conversation.id);
  const teammates = byReadiness(
    (useTeammates().data ?? []).filter((each) => each.role !== "viewer"),
    me,
  );
  const teams = useTeams().data ?? [];
  const to = (assignment: Assignment) => () => assign.mutate(assignment);
  const team = conversation.team?.id ?? null;
  useShortcut("a", menu.open);
  return (
    <Menu
      opened={opened}
      onChange={(open) => (open ? menu.open() : menu.close())}
      position="bottom-end"
      width={280}
    >
      <Menu.Target>
        <button
          type="button"
          className={classes.assign}
          title={assign.isError ? t`That did not work. Try again.` : t`Shortcut: A`}
          data-testid="assign"
        >
          <VisuallyHidden>
            <Trans>Assign, now:</Trans>
          </VisuallyHidden>
          <Holder conversation={conversation} />
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t`Teammates`}</Menu.Label>
        {teammates.map((each) => (
          <TeammateItem
            key={each.id}
            teammate={each}
            mine={each.id === me}
            onPick={to({ teammate: each.id, team })}
          />
        ))}
        <Menu.Label>{t`Teams`}</Menu.Label>
        {teams.map((each) => (
          <Menu.Item
            key={each.id}
            leftSection={<IconUsersGroup size={18} stroke={1.7} aria-hidden="true" />}
            rightSection={
              <span className={classes.load}>
                <Plural value={each.open_count} one="# open" other="# open" />
              </span>
            }
            onClick={to({ teammate: null, team: each.id })}
            data-testid="assign-option"
            data-id={each.id}
          >
            {each.name}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconInboxOff size={18} stroke={1.7} aria-hidden="true" />}
          onClick={to({ teammate: null, team: null })}
          disabled={conversation.assignee === null && conversation.team === null}
          data-testid="assign-option"
          data-id="nobody"
        >
          <Trans>Return to the queue</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
