import { Trans, useLingui } from "@lingui/react/macro";
import { Switch, useMantineColorScheme } from "@mantine/core";
import type { ReactNode } from "react";
import { usePatchMe } from "../api/me.ts";
import { useAvailable, useMe } from "../api/queries.ts";
import type { Language } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Segments } from "../ui/Segments.tsx";
import { Cause } from "../ui/states.tsx";
import { NAMES, speak } from "../words/language.ts";
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

const LANGUAGES = (Object.keys(NAMES) as Language[]).map((language) => ({
  value: language,
  label: NAMES[language],
}));

function Appearance() {
  const { t } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Segments
      label={t`Appearance`}
      value={colorScheme}
      onPick={setColorScheme}
      choices={[
        { value: "light", label: t`Light` },
        { value: "dark", label: t`Dark` },
        { value: "auto", label: t`As the system` },
      ]}
    />
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
        <Segments
          label={t`Language`}
          value={i18n.locale as Language}
          choices={LANGUAGES}
          onPick={(language) => {
            void speak(language);
            patch.mutate({ language });
          }}
        />
      </Line>
      <Line name={<Trans>Appearance</Trans>}>
        <Appearance />
      </Line>
      {patch.isError && (
        <p className={classes.failed} role="alert">
          <Cause error={patch.error} /> <Trans>The setting is as it was.</Trans>
        </p>
      )}
    </>
  );
}
