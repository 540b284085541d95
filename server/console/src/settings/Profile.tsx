import { Trans, useLingui } from "@lingui/react/macro";
import { Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { usePatchMe } from "../api/me.ts";
import { useAvailable, useMe } from "../api/queries.ts";
import { LanguageChoice, SchemeChoice } from "../app/MeMenu.tsx";
import { Avatar } from "../ui/Avatar.tsx";
import { Cause } from "../ui/states.tsx";
import { roleName } from "./roles.ts";
import classes from "./SettingsPage.module.css";

function Line({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <span className={classes.lineName}>{name}</span>
      {children}
    </div>
  );
}

export function Profile() {
  const { i18n, t } = useLingui();
  const { teammate } = useMe();
  const available = useAvailable();
  const patch = usePatchMe();
  return (
    <>
      <div className={classes.me}>
        <Avatar name={teammate.name} image={teammate.avatar} size={44} online={available} />
        <div>
          <p className={classes.name}>{teammate.name}</p>
          <p className={classes.sub}>
            {teammate.email} · {roleName(teammate.role, i18n)}
          </p>
        </div>
      </div>
      <Line name={<Trans>Available for new conversations</Trans>}>
        <Switch
          aria-label={t`Available for new conversations`}
          checked={available}
          onChange={(event) => patch.mutate({ online: event.currentTarget.checked })}
        />
      </Line>
      <Line name={<Trans>Language</Trans>}>
        <LanguageChoice />
      </Line>
      <Line name={<Trans>Appearance</Trans>}>
        <SchemeChoice />
      </Line>
      {patch.isError && (
        <p className={classes.failed} role="alert">
          <Cause error={patch.error} /> <Trans>The setting is as it was.</Trans>
        </p>
      )}
    </>
  );
}
