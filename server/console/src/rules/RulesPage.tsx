import { Trans, useLingui } from "@lingui/react/macro";
import { Skeleton } from "@mantine/core";
import { Link, useSearchParams } from "wouter";
import { useRules } from "../api/queries.ts";
import type { Rule } from "../api/types.ts";
import { Page } from "../ui/Page.tsx";
import { Empty, Failed } from "../ui/states.tsx";
import { RuleDetail } from "./RuleDetail.tsx";
import classes from "./RulesPage.module.css";
import { inWords, StatePill } from "./words.tsx";

function RuleRow({ rule, here }: { rule: Rule; here: boolean }) {
  const { i18n } = useLingui();
  return (
    <li>
      <Link
        href={`/rules?rule=${encodeURIComponent(rule.key)}`}
        className={classes.row}
        aria-current={here ? "true" : undefined}
        data-testid="rule-row"
        data-id={rule.id}
      >
        <span className={classes.top}>
          <span className={classes.name}>{inWords(rule.name, i18n.locale) || rule.key}</span>
          <StatePill state={rule.state} />
        </span>
        <span className={classes.sentence}>{inWords(rule.sentence, i18n.locale)}</span>
      </Link>
    </li>
  );
}

const ORDER = ["live", "shadow", "draft", "paused", "archived"];

/** What works first, and of that what goes first. */
function inOrder(rules: readonly Rule[]): Rule[] {
  return rules.toSorted(
    (one, other) =>
      ORDER.indexOf(one.state) - ORDER.indexOf(other.state) ||
      other.priority - one.priority ||
      one.key.localeCompare(other.key),
  );
}

function List({ rules, picked }: { rules: readonly Rule[]; picked: Rule | undefined }) {
  const { t } = useLingui();
  return (
    <nav className={classes.list} aria-label={t`Rules`}>
      <ul>
        {rules.map((rule) => (
          <RuleRow key={rule.id} rule={rule} here={rule.id === picked?.id} />
        ))}
      </ul>
    </nav>
  );
}

/** What the desk does by itself: each rule as a sentence, what it did, and why it sometimes did not. */
export default function RulesPage() {
  const { t } = useLingui();
  const [search] = useSearchParams();
  const query = useRules();
  const rules = inOrder(query.data ?? []);
  const asked = search.get("rule");
  const picked = rules.find((rule) => rule.key === asked) ?? rules[0];
  return (
    <Page title={t`Rules`}>
      {query.isPending && <Skeleton height={220} m={24} radius="lg" aria-busy="true" />}
      {query.isError && !query.data && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.data && rules.length === 0 && (
        <Empty rings title={<Trans>No rules yet</Trans>}>
          <Trans>
            A rule says the right thing at the right moment, or brings a conversation to the right team. Apply
            one from a file: frontdesk rules apply rules.yaml
          </Trans>
        </Empty>
      )}
      {picked !== undefined && (
        <div className={classes.columns} data-picked={asked !== null}>
          <List rules={rules} picked={picked} />
          <div className={classes.detail}>
            <RuleDetail key={picked.id} rule={picked} />
          </div>
        </div>
      )}
    </Page>
  );
}
