import type { ReactNode } from "react";
import classes from "./Page.module.css";

interface PageProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A page beside the inbox: a header of the same height, then what scrolls. */
export function Page({ title, aside, children }: PageProps) {
  return (
    <main className={classes.page} aria-label={title}>
      <header className={classes.header}>
        <h1 className={classes.title}>{title}</h1>
        {aside}
      </header>
      <div className={classes.body}>{children}</div>
    </main>
  );
}
