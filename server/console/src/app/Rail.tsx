import { useLingui } from "@lingui/react/macro";
import { Tooltip } from "@mantine/core";
import { IconInbox, IconRoute, IconSearch, IconSettings, IconUsers } from "@tabler/icons-react";
import type { ComponentType } from "react";
import { Link, useLocation } from "wouter";
import { Bell } from "../brand/Bell.tsx";
import { MeMenu } from "./MeMenu.tsx";
import classes from "./Rail.module.css";
import { MOD } from "./shortcuts.ts";

interface Place {
  to: string;
  root: string;
  name: string;
  icon: ComponentType<{ size?: number; stroke?: number }>;
}

function usePlaces(): Place[] {
  const { t } = useLingui();
  return [
    { to: "/inbox/all", root: "/inbox", name: t`Inbox`, icon: IconInbox },
    { to: "/visitors", root: "/visitors", name: t`Visitors`, icon: IconUsers },
    { to: "/rules", root: "/rules", name: t`Rules`, icon: IconRoute },
    { to: "/settings", root: "/settings", name: t`Settings`, icon: IconSettings },
  ];
}

function PlaceLink({ place, here }: { place: Place; here: boolean }) {
  const Icon = place.icon;
  return (
    <Tooltip label={place.name} position="right">
      <Link
        href={place.to}
        className={classes.place}
        aria-label={place.name}
        aria-current={here ? "page" : undefined}
      >
        <Icon size={20} stroke={here ? 2 : 1.7} />
        <span className={classes.name}>{place.name}</span>
      </Link>
    </Tooltip>
  );
}

export function Rail({ onSearch }: { onSearch: () => void }) {
  const { t } = useLingui();
  const [location] = useLocation();
  return (
    <nav className={classes.rail} aria-label={t`Main`}>
      <div className={classes.mark}>
        <Bell size={28} label="Frontdesk" />
      </div>
      {usePlaces().map((place) => (
        <PlaceLink
          key={place.root}
          place={place}
          here={
            location.startsWith(place.root) || (place.root === "/visitors" && location.startsWith("/people"))
          }
        />
      ))}
      <div className={classes.space} />
      <Tooltip label={t`Search and commands (${MOD}K)`} position="right">
        <button
          type="button"
          className={classes.place}
          data-quiet
          onClick={onSearch}
          aria-label={t`Search and commands (${MOD}K)`}
        >
          <IconSearch size={20} stroke={1.7} />
        </button>
      </Tooltip>
      <MeMenu />
    </nav>
  );
}
