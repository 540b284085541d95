import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { Page } from "../ui/Page.tsx";
import { Install } from "./Install.tsx";
import { Profile } from "./Profile.tsx";
import classes from "./SettingsPage.module.css";
import { TeamList } from "./TeamList.tsx";

function Section({
  id,
  title,
  words,
  children,
}: {
  id: string;
  title: string;
  words: string;
  children: ReactNode;
}) {
  return (
    <section id={id} className={classes.section} aria-labelledby={`${id}-title`}>
      <div className={classes.lead}>
        <h2 id={`${id}-title`} className={classes.heading}>
          {title}
        </h2>
        <p className={classes.words}>{words}</p>
      </div>
      <div className={classes.content}>{children}</div>
    </section>
  );
}

export default function SettingsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Settings`}>
      <div className={classes.page}>
        <nav className={classes.jump} aria-label={t`Sections`}>
          <a href="#you" className={classes.link}>
            <Trans>You</Trans>
          </a>
          <a href="#install" className={classes.link}>
            <Trans>Your site</Trans>
          </a>
          <a href="#team" className={classes.link}>
            <Trans>Team</Trans>
          </a>
        </nav>
        <div>
          <Section
            id="you"
            title={t`You`}
            words={t`How the console looks and speaks, and whether rules may give you work.`}
          >
            <Profile />
          </Section>
          <Section
            id="install"
            title={t`Your site`}
            words={t`One line before the end of the body, on every page. Visitors appear within seconds.`}
          >
            <Install />
          </Section>
          <Section
            id="team"
            title={t`Team`}
            words={t`Who answers here, in which team, and how much they carry.`}
          >
            <TeamList />
          </Section>
        </div>
      </div>
    </Page>
  );
}
