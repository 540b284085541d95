import { Trans, useLingui } from "@lingui/react/macro";
import { Popover, Switch, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLogout, IconSettings } from "@tabler/icons-react";
import { Link } from "wouter";
import { usePatchMe, useSignOut } from "../api/me.ts";
import { useAvailable, useMe } from "../api/queries.ts";
import type { Language } from "../api/types.ts";
import { Avatar } from "../ui/Avatar.tsx";
import { Segments } from "../ui/Segments.tsx";
import { LANGUAGES, speak } from "../words/language.ts";
import classes from "./MeMenu.module.css";

function Availability() {
  const { t } = useLingui();
  const available = useAvailable();
  const patch = usePatchMe();
  return (
    <Switch
      checked={available}
      onChange={(event) => patch.mutate({ online: event.currentTarget.checked })}
      label={available ? t`Online` : t`Away`}
      description={available ? t`Rules may assign to you.` : t`Rules assign to others.`}
      size="sm"
      labelPosition="left"
      classNames={{ body: classes.switch }}
      data-testid="my-availability"
    />
  );
}

/** The language of my console, kept by the server, so that it follows me to another browser. */
export function LanguageChoice() {
  const { i18n, t } = useLingui();
  const patch = usePatchMe();
  return (
    <Segments
      label={t`Language`}
      value={i18n.locale as Language}
      choices={LANGUAGES}
      onPick={(language) => {
        void speak(language);
        patch.mutate({ language });
      }}
    />
  );
}

/** Light, dark, or whatever the system says; kept by this browser. */
export function SchemeChoice() {
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
        { value: "auto", label: t`System` },
      ]}
    />
  );
}

function Choices({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const signOut = useSignOut();
  return (
    <>
      <div className={classes.block}>
        <p className={classes.name}>{me.teammate.name}</p>
        <p className={classes.mail}>{me.teammate.email}</p>
      </div>
      <div className={classes.block}>
        <Availability />
      </div>
      <div className={classes.block}>
        <LanguageChoice />
        <SchemeChoice />
      </div>
      <div className={classes.acts}>
        <Link href="/settings" className={classes.act} onClick={onClose}>
          <IconSettings size={17} stroke={1.7} aria-hidden="true" /> <Trans>Settings</Trans>
        </Link>
        <button type="button" className={classes.act} onClick={() => signOut.mutate()} data-testid="sign-out">
          <IconLogout size={17} stroke={1.7} aria-hidden="true" /> <Trans>Sign out</Trans>
        </button>
      </div>
    </>
  );
}

/** Who I am here, whether rules may give me work, how the console looks and speaks. */
export function MeMenu() {
  const { t } = useLingui();
  const me = useMe();
  const available = useAvailable();
  const [opened, menu] = useDisclosure(false);
  return (
    <Popover
      opened={opened}
      onChange={(open) => (open ? menu.open() : menu.close())}
      position="right-end"
      width={264}
      offset={10}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <button type="button" className={classes.me} onClick={menu.toggle} data-testid="me-menu">
          <Avatar name={me.teammate.name} image={me.teammate.avatar} size={32} online={available} />
          <VisuallyHidden>
            <Trans>My menu</Trans>
          </VisuallyHidden>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0} aria-label={t`My menu`}>
        <Choices onClose={menu.close} />
      </Popover.Dropdown>
    </Popover>
  );
}
