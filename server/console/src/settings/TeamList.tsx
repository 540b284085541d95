import { Plural, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { useTeammates, useTeams } from "../api/queries.ts";
import type { Team, Teammate } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Failed } from "../ui/states.tsx";
import { roleName } from "./roles.ts";
import classes from "./SettingsPage.module.css";

function Member({ teammate, teams }: { teammate: Teammate; teams: readonly Team[] }) {
  const { i18n } = useLingui();
  const names = teams.filter((team) => teammate.teams.includes(team.id)).map((team) => team.name);
  return (
    <li className={classes.member}>
      <Avatar name={teammate.name} image={teammate.avatar} size={32} online={teammate.online} />
      <div className={classes.memberWho}>
        <p className={classes.memberName}>{teammate.name}</p>
        <p className={classes.sub}>{teammate.email}</p>
      </div>
      <ul className={classes.teams}>
        {names.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <span className={classes.role}>{roleName(teammate.role, i18n)}</span>
      <span className={classes.load}>
        <Plural value={teammate.open_count} one="# open" other="# open" />
      </span>
    </li>
  );
}

export function TeamList() {
  const teammates = useTeammates();
  const teams = useTeams().data ?? [];
  if (teammates.isPending)
    return [1, 2, 3].map((row) => <Skeleton key={row} height={40} radius="md" mb={8} aria-busy="true" />);
  if (teammates.isError) return <Failed error={teammates.error} again={() => void teammates.refetch()} />;
  return (
    <ul>
      {teammates.data.map((teammate) => (
        <Member key={teammate.id} teammate={teammate} teams={teams} />
      ))}
    </ul>
  );
}
