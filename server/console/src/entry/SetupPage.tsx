import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useLocation, useSearchParams } from "wouter";
import { call, Problem, query } from "../api/client.ts";
import { useSetUp } from "../api/me.ts";
import { Cause, Empty, Failed } from "../ui/states.tsx";
import classes from "./Door.module.css";
import { Door } from "./Door.tsx";

const BLANK = { workspace: "", name: "", email: "", password: "" };

function useFields() {
  const { t } = useLingui();
  return [
    {
      name: "workspace",
      label: t`Name of your workspace`,
      placeholder: t`Your company or product`,
      type: "text",
      fill: "organization",
    },
    {
      name: "name",
      label: t`Your name`,
      placeholder: t`As visitors will see it`,
      type: "text",
      fill: "name",
    },
    { name: "email", label: t`E-mail`, placeholder: "", type: "email", fill: "username" },
  ] as const;
}

function SetupForm({ token }: { token: string }) {
  const { t } = useLingui();
  const [, go] = useLocation();
  const setUp = useSetUp();
  const [values, setValues] = useState(BLANK);
  const refusal = setUp.error instanceof Problem ? setUp.error : null;
  const set = (name: keyof typeof BLANK) => (event: { currentTarget: HTMLInputElement }) => {
    const { value } = event.currentTarget;
    setValues((held) => ({ ...held, [name]: value }));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setUp.mutate({ token, ...values }, { onSuccess: () => go("/settings", { replace: true }) });
  };
  return (
    <form onSubmit={submit} className={classes.form}>
      {useFields().map((field) => (
        <TextInput
          key={field.name}
          label={field.label}
          placeholder={field.placeholder}
          type={field.type}
          autoComplete={field.fill}
          size="md"
          required
          withAsterisk={false}
          value={values[field.name]}
          onChange={set(field.name)}
          error={refusal?.field === field.name ? refusal.message : undefined}
          data-testid={`setup-${field.name}`}
        />
      ))}
      <PasswordInput
        label={t`Password`}
        description={t`At least 10 characters. A sentence is better than a puzzle.`}
        autoComplete="new-password"
        size="md"
        required
        withAsterisk={false}
        value={values.password}
        onChange={set("password")}
        error={refusal?.field === "password" ? refusal.message : undefined}
        visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
        data-testid="setup-password"
      />
      {setUp.isError && !refusal?.field && (
        <p className={classes.refused} role="alert">
          <Cause error={setUp.error} />
        </p>
      )}
      <Button type="submit" size="md" fullWidth loading={setUp.isPending} data-testid="setup-submit">
        <Trans>Open the front desk</Trans>
      </Button>
    </form>
  );
}

/** The first owner, by the one-time link that the first start prints. */
export default function SetupPage() {
  const { t } = useLingui();
  const [search] = useSearchParams();
  const token = search.get("token") ?? "";
  const check = useQuery({
    queryKey: ["setup", token],
    queryFn: () => call<{ valid: boolean }>("GET", `/setup${query({ token })}`),
  });
  return (
    <Door title={t`Set up Frontdesk`} words={t`You will be the owner. Everything here can be changed later.`}>
      {check.isError && <Failed error={check.error} again={() => void check.refetch()} />}
      {check.data?.valid === false && (
        <Empty title={t`This link is spent`}>
          <Trans>
            It works once. Start the server again to get a new one, or sign in if you are set up already.
          </Trans>{" "}
          <a href="/login">
            <Trans>Sign in</Trans>
          </a>
        </Empty>
      )}
      {check.data?.valid === true && <SetupForm token={token} />}
    </Door>
  );
}
