import { useEffect } from "react";
import { useViews } from "../api/queries.ts";

/** The tab says how many conversations nobody has taken. */
export function useUnreadTitle(): void {
  const unassigned = useViews().data?.find((view) => view.kind === "unassigned")?.count ?? 0;
  useEffect(() => {
    document.title = unassigned > 0 ? `(${unassigned}) Frontdesk` : "Frontdesk";
  }, [unassigned]);
}
