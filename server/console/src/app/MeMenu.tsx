import { Trans, useLingui } from "@lingui/react/macro";
import { Menu, Switch, useMantineColorScheme } from "@mantine/core";
import { IconLogout, IconSettings } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { usePatchMe, useSignOut } from "../api/me.ts";
import { useAvailable, useMe } from "../api/queries.ts";
import type { Language } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { NAMES, speak } from "../words/language.ts";
import classes from "./MeMenu.module.css";

function Availability() {
  const { t } = useLingui();
  const available = useAvailable();
  const patch = usePatchMe();
  return (
    <div className={classes.block}>
      <Switch
        checked={available}
        onChange={(event) => patch.mutate({ online: event.currentTarget.checked })}
        label={available ? t`Online` : t`Away`}
        description={available ? t`Rules may assign to you.` : t`Rules assign to others.`}
        size="sm"
        labelPosition="left"
        classNames={{ body: classes.switch }}
      />
    </div>
  );
}

function Languages() {
  const { i18n, t } = useLingui();
  const patch = usePatchMe();
  return (
    <>
      <Menu.Label>{t`Language`}</Menu.Label>
      {(Object.keys(NAMES) as Language[]).map((language) => (
        <Menu.Item
          key={language}
          lang={language}
          closeMenuOnClick={false}
          data-checked={i18n.locale === language}
          className={classes.choice}
          onClick={() => {
            void speak(language);
            patch.mutate({ language });
          }}
        >
          {NAMES[language]}
        </Menu.Item>
      ))}
    </>
  );
}

function Schemes() {
  const { t } = useLingui();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    ["light", t`Light`],
    ["dark", t`Dark`],
    ["auto", t`As the system`],
  ] as const;
  return (
    <>
      <Menu.Label>{t`Appearance`}</Menu.Label>
      {schemes.map(([scheme, name]) => (
        <Menu.Item
          key={scheme}
          closeMenuOnClick={false}
          data-checked={colorScheme === scheme}
          className={classes.choice}
          onClick={() => setColorScheme(scheme)}
        >
          {name}
        </Menu.Item>
      ))}
    </>
  );
}

/** Who I am here, whether rules may give me work, how the console looks and speaks. */
export function MeMenu() {
  const { t } = useLingui();
  const me = useMe();
  const available = useAvailable();
  const signOut = useSignOut();
  const [, go] = useLocation();
  return (
    <Menu position="right-end" width={248} offset={10}>
      <Menu.Target>
        <button type="button" className={classes.me} aria-label={t`My menu`} data-testid="me-menu">
          <Avatar name={me.teammate.name} image={me.teammate.avatar} size={32} online={available} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.block}>
          <p className={classes.name}>{me.teammate.name}</p>
          <p className={classes.mail}>{me.teammate.email}</p>
        </div>
        <Menu.Divider />
        <Availability />
        <Menu.Divider />
        <Languages />
        <Schemes />
        <Menu.Divider />
        <Menu.Item leftSection={<IconSettings size={16} />} onClick={() => go("/settings")}>
          <Trans>Settings</Trans>
        </Menu.Item>
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => signOut.mutate()}
          data-testid="sign-out"
        >
          <Trans>Sign out</Trans>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
