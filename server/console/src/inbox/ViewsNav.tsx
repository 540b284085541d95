import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { IconArchive, IconInbox, IconInboxOff, IconUser, IconUsersGroup } from "@tabler/icons-react";
import { Link } from "wouter";
import { useMe, useViews } from "../api/queries.ts";
import type { View, ViewKind } from "../api/types.ts";
import classes from "./ViewsNav.module.css";
import { viewName, viewPath } from "./views.ts";

const ICONS = {
  mine: IconUser,
  unassigned: IconInboxOff,
  all: IconInbox,
  team: IconUsersGroup,
  closed: IconArchive,
} satisfies Record<ViewKind, unknown>;

function ViewLink({ view, here }: { view: View; here: boolean }) {
  const { i18n } = useLingui();
  const Icon = ICONS[view.kind];
  return (
    <li>
      <Link
        href={viewPath(view.key)}
        className={classes.view}
        aria-current={here ? "page" : undefined}
        data-testid={`view-${view.key}`}
      >
        <Icon size={17} stroke={1.7} aria-hidden="true" />
        <span className={classes.name}>{viewName(view, i18n)}</span>
        {view.kind !== "closed" && view.count > 0 && <span className={classes.count}>{view.count}</span>}
      </Link>
    </li>
  );
}

export function ViewsNav({ current }: { current: string }) {
  const { t } = useLingui();
  const me = useMe();
  const views = useViews();
  const list = views.data ?? [];
  const teams = list.filter((view) => view.kind === "team");
  const own = list.filter((view) => view.kind !== "team");
  return (
    <nav className={classes.views} aria-label={t`Views`}>
      <p className={classes.workspace}>{me.workspace.name}</p>
      {views.isPending && [1, 2, 3, 4].map((row) => <Skeleton key={row} height={30} radius="md" mb={4} />)}
      <ul>
        {own.map((view) => (
          <ViewLink key={view.key} view={view} here={view.key === current} />
        ))}
      </ul>
      {teams.length > 0 && (
        <>
          <h2 className={classes.heading}>
            <Trans>Teams</Trans>
          </h2>
          <ul>
            {teams.map((view) => (
              <ViewLink key={view.key} view={view} here={view.key === current} />
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
