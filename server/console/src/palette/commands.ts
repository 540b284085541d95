import type { ComponentType } from "react";

export interface Command {
  readonly id: string;
  readonly name: string;
  readonly more?: string;
  readonly icon: ComponentType<{ size?: number; stroke?: number }>;
  readonly run: () => void;
  /** Found by the server for these very words, so not filtered again. */
  readonly always?: boolean;
}

/** What the list shows at once; more is a reason to type another letter. */
const MOST = 12;

/** The commands that hold every typed word, those whose name begins with the words first. */
export function found(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLocaleLowerCase().trim();
  if (words === "") return commands.slice(0, MOST);
  const pieces = words.split(/\s+/u);
  const text = (command: Command) => `${command.name} ${command.more ?? ""}`.toLocaleLowerCase();
  const fits = commands.filter((each) => each.always || pieces.every((piece) => text(each).includes(piece)));
  const begins = (command: Command) => Number(command.name.toLocaleLowerCase().startsWith(words));
  return fits.toSorted((one, other) => begins(other) - begins(one)).slice(0, MOST);
}
