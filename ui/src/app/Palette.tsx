/** The command palette: type to filter, arrows to move, Enter to run. */

import { type KeyboardEvent, useMemo, useState } from "react";
import { COMMANDS, type Command, symbolCommands } from "@/commands/registry";
import { Dialog } from "@/components/Dialog";
import { Icon } from "@/components/Icon";
import { useText } from "@/i18n";
import { useOverlays } from "@/state/session";
import { useSymbol } from "@/state/symbol";

const fold = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export default function Palette() {
  const { t } = useText();
  const show = useOverlays((s) => s.show);
  const { symbols } = useSymbol();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const found = useMemo(() => {
    const words = fold(text).split(/\s+/).filter(Boolean);
    const all = [...COMMANDS.filter((command) => command.id !== "palette"), ...symbolCommands(symbols)];
    return all.filter((command) => {
      const title = fold(`${t(command.title, command.values)} ${t(`cmd.section_${command.section}`)}`);
      return words.every((word) => title.includes(word));
    });
  }, [text, symbols, t]);
  const close = () => show("palette", false);
  const run = (command: Command | undefined) => {
    close();
    command?.run();
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive((index) => Math.min(found.length - 1, index + 1));
    else if (event.key === "ArrowUp") setActive((index) => Math.max(0, index - 1));
    else if (event.key === "Enter") run(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={t("cmd.palette")} onClose={close}>
      <input
        className="palette-input"
        data-focus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[active] ? `palette-${found[active].id}` : undefined}
        aria-label={t("frame.search")}
        placeholder={t("cmd.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={onKey}
      />
      <ul className="palette-list" id="palette-list" role="listbox" aria-label={t("cmd.palette")}>
        {found.map((command, index) => (
          <li
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={index === active}
            tabIndex={-1}
            ref={index === active ? (element) => element?.scrollIntoView({ block: "nearest" }) : undefined}
            onMouseMove={() => setActive(index)}
            onClick={() => run(command)}
            onKeyDown={onKey}
          >
            <Icon name={command.icon} size={16} />
            <span className="grow">{t(command.title, command.values)}</span>
            <span className="muted">{t(`cmd.section_${command.section}`)}</span>
            {command.keys && <kbd>{command.keys}</kbd>}
          </li>
        ))}
        {found.length === 0 && <li className="muted">{t("cmd.none")}</li>}
      </ul>
    </Dialog>
  );
}
