import { lazy, Suspense } from "react";
import { Redirect, Route, Switch, useLocation } from "wouter";
import { useSession } from "../api/queries.ts";
import { InboxPage } from "../inbox/InboxPage.tsx";
import { Failed } from "../ui/states.tsx";
import { Shell } from "./Shell.tsx";
import { Splash } from "./Splash.tsx";

const Login = lazy(() => import("../entry/Login.tsx"));
const SetupPage = lazy(() => import("../entry/SetupPage.tsx"));
const VisitorsPage = lazy(() => import("../visitors/VisitorsPage.tsx"));
const PersonPage = lazy(() => import("../people/PersonPage.tsx"));
const RulesPage = lazy(() => import("../rules/RulesPage.tsx"));
const SettingsPage = lazy(() => import("../settings/SettingsPage.tsx"));

const HOME = "/inbox/all";

function SignedIn() {
  return (
    <Shell>
      <Switch>
        <Route path="/inbox/:view/:conversation?">
          {(parameters) => (
            <InboxPage view={parameters.view} conversation={parameters.conversation ?? null} />
          )}
        </Route>
        <Route path="/visitors" component={VisitorsPage} />
        <Route path="/people/:id">{(parameters) => <PersonPage id={parameters.id} />}</Route>
        <Route path="/rules" component={RulesPage} />
        <Route path="/settings" component={SettingsPage} />
        <Route>
          <Redirect to={HOME} replace />
        </Route>
      </Switch>
    </Shell>
  );
}

/** Lets a signed-in teammate through, and brings everyone else to the log-in and back. */
function Gate() {
  const session = useSession();
  const [location] = useLocation();
  if (session.isPending) return <Splash />;
  if (session.isError) return <Failed error={session.error} again={() => void session.refetch()} />;
  if (session.data === null) {
    const next = location === "/" ? "" : `?next=${encodeURIComponent(location)}`;
    return <Redirect to={`/login${next}`} replace />;
  }
  return <SignedIn />;
}

export function Routes() {
  return (
    <Suspense fallback={<Splash />}>
      <Switch>
        <Route path="/login">
          <Login />
        </Route>
        <Route path="/setup" component={SetupPage} />
        <Route component={Gate} />
      </Switch>
    </Suspense>
  );
}
