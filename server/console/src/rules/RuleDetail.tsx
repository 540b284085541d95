import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Skeleton } from "@mantine/core";
import { IconArrowLeft, IconChevronRight } from "@tabler/icons-react";
import { Link } from "wouter";
import { useDecisions, usePerson } from "../api/queries.ts";
import type { Decision, Rule } from "../api/types.ts";
import { Empty, Failed } from "../ui/states.tsx";
import { Time } from "../ui/Time.tsx";
import { localeTag } from "../words/language.ts";
import classes from "./RuleDetail.module.css";
import { inWords, StatePill } from "./words.tsx";

function Figures({ rule }: { rule: Rule }) {
  const { i18n, t } = useLingui();
  const number = new Intl.NumberFormat(localeTag(i18n.locale));
  const { matched, acted, held } = rule.counts;
  const figures = [
    { name: t`matched`, value: matched },
    { name: t`acted`, value: acted },
    { name: t`held back`, value: held },
  ];
  const share = matched === 0 ? 0 : acted / matched;
  return (
    <div className={classes.strip}>
      <dl className={classes.figures}>
        {figures.map((figure) => (
          <div key={figure.name}>
            <dd>{number.format(figure.value)}</dd>
            <dt>{figure.name}</dt>
          </div>
        ))}
      </dl>
      <div className={classes.share} aria-hidden="true">
        <span style={{ width: `${share * 100}%` }} />
      </div>
    </div>
  );
}

/** The person by name once we hold it; a decision itself only knows the id. */
function WhoLink({ id }: { id: string }) {
  const person = usePerson(id).data;
  return (
    <Link href={`/people/${encodeURIComponent(id)}`} className={classes.person}>
      {person?.label ?? id}
    </Link>
  );
}

function DecisionRow({ decision }: { decision: Decision }) {
  const { i18n, t } = useLingui();
  const { outcome, reason, detail } = decision;
  const said = (words: { text_en: string; text_zh: string }) =>
    i18n.locale === "zh" ? words.text_zh : words.text_en;
  const why = outcome === "acted" ? (detail?.reasons ?? []).map(said) : [];
  const outcomes = { acted: t`Acted`, deferred: t`Put off`, held: t`Held back` };
  return (
    <tr data-testid="decision" data-outcome={outcome}>
      <td className={classes.outcome} data-acted={outcome === "acted"}>
        {outcomes[outcome]}
      </td>
      <td>
        <WhoLink id={decision.person} />
      </td>
      <td className={classes.reason}>
        {[...(reason === null ? [] : [said(decision)]), ...why].join(i18n.locale === "zh" ? "，" : ", ")}
      </td>
      <td className={classes.when}>
        <Time at={decision.at} />
      </td>
    </tr>
  );
}

function Decisions({ rule }: { rule: Rule }) {
  const query = useDecisions(rule.id);
  const decisions = query.data?.pages.flatMap((page) => page.data) ?? [];
  if (query.isPending) return <Skeleton height={160} radius="lg" aria-busy="true" />;
  if (query.isError && !query.data) return <Failed error={query.error} again={() => void query.refetch()} />;
  if (decisions.length === 0)
    return (
      <Empty title={<Trans>No decisions yet</Trans>}>
        <Trans>Each time the trigger fires for someone, what was decided and why stands here.</Trans>
      </Empty>
    );
  return (
    <>
      <table className={classes.decisions}>
        <thead>
          <tr>
            <th scope="col">
              <Trans>Outcome</Trans>
            </th>
            <th scope="col">
              <Trans>Who</Trans>
            </th>
            <th scope="col">
              <Trans>Why</Trans>
            </th>
            <th scope="col" className={classes.when}>
              <Trans>When</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {decisions.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} />
          ))}
        </tbody>
      </table>
      {query.hasNextPage && (
        <Button variant="subtle" size="xs" mt={8} onClick={() => void query.fetchNextPage()}>
          <Trans>Show earlier</Trans>
        </Button>
      )}
    </>
  );
}

export function RuleDetail({ rule }: { rule: Rule }) {
  const { i18n } = useLingui();
  const name = inWords(rule.name, i18n.locale) || rule.key;
  return (
    <article aria-label={name}>
      <Link href="/rules" className={classes.back}>
        <IconArrowLeft size={16} aria-hidden="true" /> <Trans>All rules</Trans>
      </Link>
      <p className={classes.kicker}>
        <span>{name}</span> <StatePill state={rule.state} />
      </p>
      <h2 className={classes.big}>{inWords(rule.sentence, i18n.locale)}</h2>
      <p className={classes.meta}>
        <Trans>
          Version {rule.version}, changed <Time at={rule.updated_at} />
        </Trans>
      </p>
      <Figures rule={rule} />
      <details className={classes.source}>
        <summary>
          <IconChevronRight size={16} aria-hidden="true" /> <Trans>The rule as YAML</Trans>
        </summary>
        <pre>
          <code>{rule.yaml.trim()}</code>
        </pre>
      </details>
      <section>
        <h3 className={classes.heading}>
          <Trans>Decisions</Trans>
        </h3>
        <Decisions rule={rule} />
      </section>
    </article>
  );
}
