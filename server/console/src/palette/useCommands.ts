import { useLingui } from "@lingui/react/macro";
import { useMantineColorScheme } from "@mantine/core";
import {
  IconArchive,
  IconInbox,
  IconLanguage,
  IconMessage,
  IconMoon,
  IconRoute,
  IconSettings,
  IconToggleLeft,
  IconUser,
  IconUserPlus,
  IconUsers,
} from "@tabler/icons-react";
import { useLocation, useRoute } from "wouter";
import { useAssign, useClose, useReopen } from "../api/conversations.ts";
import { usePatchMe } from "../api/me.ts";
import {
  useAvailable,
  useConversation,
  useConversations,
  usePeople,
  useTeammates,
  useTeams,
  useViews,
} from "../api/queries.ts";
import type { Language } from "../api/types.ts";
import { viewName, viewPath } from "../inbox/views.ts";
import { NAMES, speak } from "../words/language.ts";
import type { Command } from "./commands.ts";

function usePlaces(): Command[] {
  const { i18n, t } = useLingui();
  const [, go] = useLocation();
  const views = useViews().data ?? [];
  return [
    ...views.map((view) => ({
      id: `view-${view.key}`,
      name: viewName(view, i18n),
      more: t`Inbox`,
      icon: IconInbox,
      run: () => go(viewPath(view.key)),
    })),
    { id: "visitors", name: t`Visitors`, icon: IconUsers, run: () => go("/visitors") },
    { id: "rules", name: t`Rules`, icon: IconRoute, run: () => go("/rules") },
    { id: "settings", name: t`Settings`, icon: IconSettings, run: () => go("/settings") },
  ];
}

/** What can be done with the conversation that is open. */
function useActs(id: string): Command[] {
  const { t } = useLingui();
  const conversation = useConversation(id).data;
  const assign = useAssign(id);
  const close = useClose(id);
  const reopen = useReopen(id);
  const teammates = useTeammates().data ?? [];
  const teams = useTeams().data ?? [];
  const team = conversation?.team?.id ?? null;
  const open = conversation?.state !== "closed";
  return [
    open
      ? {
          id: "close",
          name: t`Close the conversation`,
          more: "E",
          icon: IconArchive,
          run: () => close.mutate(),
        }
      : {
          id: "reopen",
          name: t`Reopen the conversation`,
          more: "E",
          icon: IconArchive,
          run: () => reopen.mutate(),
        },
    ...teammates.map(({ id: teammate, name }) => ({
      id: `assign-${teammate}`,
      name: t`Assign to ${name}`,
      icon: IconUserPlus,
      run: () => assign.mutate({ teammate, team }),
    })),
    ...teams.map(({ id: key, name }) => ({
      id: `assign-${key}`,
      name: t`Assign to ${name}`,
      icon: IconUserPlus,
      run: () => assign.mutate({ teammate: null, team: key }),
    })),
  ];
}

function useMyself(): Command[] {
  const { i18n, t } = useLingui();
  const available = useAvailable();
  const patch = usePatchMe();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const other: Language = i18n.locale === "zh" ? "en" : "zh";
  const dark = colorScheme !== "dark";
  return [
    {
      id: "available",
      name: available ? t`Set myself away` : t`Set myself online`,
      icon: IconToggleLeft,
      run: () => patch.mutate({ online: !available }),
    },
    {
      id: "scheme",
      name: dark ? t`Dark appearance` : t`Light appearance`,
      icon: IconMoon,
      run: () => setColorScheme(dark ? "dark" : "light"),
    },
    {
      id: "language",
      name: NAMES[other],
      more: t`Language`,
      icon: IconLanguage,
      run: () => {
        void speak(other);
        patch.mutate({ language: other });
      },
    },
  ];
}

function useFound(words: string): Command[] {
  const { t } = useLingui();
  const [, go] = useLocation();
  const conversations = useConversations("all").data?.pages.flatMap((page) => page.data) ?? [];
  const people = usePeople({ online: false, words }).data?.pages.flatMap((page) => page.data) ?? [];
  return [
    ...conversations.map((each) => ({
      id: each.id,
      name: each.person.label,
      more: each.last_part?.body ?? t`Conversation`,
      icon: IconMessage,
      run: () => go(viewPath("all", each.id)),
    })),
    ...people.slice(0, 5).map((person) => ({
      id: person.id,
      name: person.label,
      more: person.email ?? t`Person`,
      icon: IconUser,
      always: words !== "",
      run: () => go(`/people/${encodeURIComponent(person.id)}`),
    })),
  ];
}

/** Everything that can be reached from here, what is at hand first. */
export function useCommands(words: string): Command[] {
  const [inConversation, parameters] = useRoute("/inbox/:view/:conversation");
  const acts = useActs(inConversation ? (parameters.conversation ?? "") : "");
  const places = usePlaces();
  const myself = useMyself();
  const matches = useFound(words);
  return [
    ...(inConversation ? acts.slice(0, 1) : []),
    ...places,
    ...(inConversation ? acts.slice(1) : []),
    ...myself,
    ...matches,
  ];
}
