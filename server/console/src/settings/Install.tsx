import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useMe } from "../api/queries.ts";
import classes from "./SettingsPage.module.css";
import { snippet } from "./snippet.ts";

function Copy({ text }: { text: string }) {
  const { t } = useLingui();
  const clipboard = useClipboard({ timeout: 2_000 });
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={
        clipboard.copied ? (
          <IconCheck size={15} aria-hidden="true" />
        ) : (
          <IconCopy size={15} aria-hidden="true" />
        )
      }
      onClick={() => clipboard.copy(text)}
      aria-live="polite"
    >
      {clipboard.error ? t`Select and copy by hand` : clipboard.copied ? t`Copied` : t`Copy`}
    </Button>
  );
}

export function Install() {
  const { site } = useMe();
  const code = snippet(location.origin, site.key);
  return (
    <>
      <div className={classes.code}>
        <pre data-testid="snippet">
          <code>{code}</code>
        </pre>
        <Copy text={code} />
      </div>
      <dl className={classes.keys}>
        <div>
          <dt>
            <Trans>Site</Trans>
          </dt>
          <dd>{site.name}</dd>
        </div>
        <div>
          <dt>
            <Trans>Site key</Trans>
          </dt>
          <dd>
            <code>{site.key}</code>
          </dd>
        </div>
      </dl>
      <p className={classes.sub}>
        <Trans>
          The site key may be seen by anyone: it only lets a page report what its own visitor does.
        </Trans>
      </p>
    </>
  );
}
