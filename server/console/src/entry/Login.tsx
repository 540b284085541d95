import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Redirect, useLocation, useSearchParams } from "wouter";
import { Problem } from "../api/client.ts";
import { useSignIn } from "../api/me.ts";
import { useSession } from "../api/queries.ts";
import { Cause } from "../ui/states.tsx";
import classes from "./Door.module.css";
import { Door } from "./Door.tsx";

/** Only a path of ours: a link may not send a teammate elsewhere after the log-in. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : "/";
}

function Refused({ error }: { error: Error }) {
  const wrong = error instanceof Problem && error.code === "wrong_credentials";
  return (
    <p className={classes.refused} role="alert">
      {wrong ? (
        <Trans>E-mail and password do not match. Check both and try again.</Trans>
      ) : (
        <Cause error={error} />
      )}
    </p>
  );
}

export default function Login() {
  const { t } = useLingui();
  const [search] = useSearchParams();
  const [, go] = useLocation();
  const session = useSession();
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const next = safeNext(search.get("next"));
  if (session.data) return <Redirect to={next} replace />;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ email: email.trim(), password }, { onSuccess: () => go(next, { replace: true }) });
  };
  return (
    <Door title={t`Sign in`} words={t`Good to see you. Your visitors are waiting inside.`}>
      <form onSubmit={submit} className={classes.form}>
        <TextInput
          label={t`E-mail`}
          type="email"
          autoComplete="username"
          size="md"
          required
          withAsterisk={false}
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-testid="login-email"
        />
        <PasswordInput
          label={t`Password`}
          autoComplete="current-password"
          size="md"
          required
          withAsterisk={false}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": t`Show the password` }}
          data-testid="login-password"
        />
        {signIn.isError && <Refused error={signIn.error} />}
        <Button type="submit" size="md" fullWidth loading={signIn.isPending} data-testid="login-submit">
          <Trans>Sign in</Trans>
        </Button>
      </form>
    </Door>
  );
}
