import { useLingui } from "@lingui/react/macro";
import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { type Command, found } from "./commands.ts";
import classes from "./Palette.module.css";
import { useCommands } from "./useCommands.ts";

function Option({ command, picked, onRun }: { command: Command; picked: boolean; onRun: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (picked) ref.current?.scrollIntoView({ block: "nearest" });
  }, [picked]);
  const Icon = command.icon;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: focus stays in the input, which names its active option.
    <div
      ref={ref}
      id={`command-${command.id}`}
      role="option"
      aria-selected={picked}
      className={classes.option}
      onClick={onRun}
      data-testid="command"
    >
      <Icon size={17} stroke={1.7} aria-hidden="true" />
      <span className={classes.name}>{command.name}</span>
      {command.more !== undefined && <span className={classes.more}>{command.more}</span>}
    </div>
  );
}

interface OptionsProps {
  commands: readonly Command[];
  at: number;
  onRun: (command: Command) => void;
}

function Options({ commands, at, onRun }: OptionsProps) {
  const { t } = useLingui();
  if (commands.length === 0) return <p className={classes.nothing}>{t`Nothing by that name`}</p>;
  return (
    <div id="commands" role="listbox" aria-label={t`Results`} className={classes.list}>
      {commands.map((command, index) => (
        <Option key={command.id} command={command} picked={index === at} onRun={() => onRun(command)} />
      ))}
    </div>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

/** Reaches every page, conversation, person and act from the keyboard. */
export default function Palette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const [searched] = useDebouncedValue(words.trim(), 150);
  const commands = found(useCommands(searched), words);
  const run = (command: Command | undefined) => {
    if (command === undefined) return;
    onClose();
    command.run();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.nativeEvent.isComposing) run(commands[at]);
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setAt((at + step + commands.length) % Math.max(1, commands.length));
  };
  const active = commands[at];
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      padding={0}
      size={560}
      yOffset="12vh"
      attributes={{ content: { "aria-label": t`Search and commands` } }}
    >
      <div className={classes.field}>
        <IconSearch size={18} aria-hidden="true" />
        <input
          data-autofocus
          className={classes.input}
          role="combobox"
          aria-expanded="true"
          aria-controls="commands"
          aria-activedescendant={active === undefined ? undefined : `command-${active.id}`}
          aria-label={t`Search and commands`}
          placeholder={t`Go to, find a person, or do something`}
          value={words}
          onChange={(event) => {
            setWords(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keys}
        />
      </div>
      <Options commands={commands} at={at} onRun={run} />
    </Modal>
  );
}
