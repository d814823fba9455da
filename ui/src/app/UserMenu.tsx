/** The person: name and role, theme, colours, language, shortcuts, sign out. */

import { commandById } from "@/commands/registry";
import { Icon } from "@/components/Icon";
import { useMenu } from "@/components/useMenu";
import { setLanguage, useText } from "@/i18n";
import { type Theme, type UpDown, usePrefs } from "@/state/prefs";
import { useSession } from "@/state/session";

const THEMES: Theme[] = ["system", "light", "dark", "contrast"];
const COLOURS: UpDown[] = ["teal", "green", "blue"];

export function UserMenu() {
  const { t, language } = useText();
  const me = useSession((s) => s.me);
  const prefs = usePrefs();
  const { open, setOpen, box } = useMenu();
  const run = (id: string) => () => {
    setOpen(false);
    commandById(id)?.run();
  };
  return (
    <div className="menu" ref={box}>
      <button
        type="button"
        className="icon-btn"
        aria-expanded={open}
        aria-label={t("frame.user")}
        title={me?.user}
        onClick={() => setOpen(!open)}
      >
        <Icon name="user" />
      </button>
      {open && (
        <div className="menu-box">
          <div className="menu-who">
            <strong className="ellipsis">{me?.user}</strong>
            <span className="muted">{me && t(`role.${me.role}`)}</span>
          </div>
          <Choice
            label={t("menu.theme")}
            options={THEMES}
            value={prefs.theme}
            text={(name) => t(`menu.theme_${name}`)}
            onPick={(theme) => prefs.set({ theme })}
          />
          <Choice
            label={t("menu.updown")}
            options={COLOURS}
            value={prefs.updown}
            text={(name) => t(`menu.updown_${name}`)}
            onPick={(updown) => prefs.set({ updown })}
          />
          <Choice
            label={t("frame.language")}
            options={["en", "es"] as const}
            value={language}
            text={(name) => t(`menu.lang_${name}`)}
            onPick={setLanguage}
          />
          <button type="button" onClick={run("help")}>
            <Icon name="help" size={16} /> {t("cmd.help")}
          </button>
          <button type="button" onClick={run("signout")}>
            <Icon name="exit" size={16} /> {t("cmd.signOut")}
          </button>
        </div>
      )}
    </div>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  options: readonly T[];
  value: T;
  text(option: T): string;
  onPick(option: T): void;
}

function Choice<T extends string>({ label, options, value, text, onPick }: ChoiceProps<T>) {
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      <div>
        {options.map((option) => (
          <button key={option} type="button" aria-pressed={option === value} onClick={() => onPick(option)}>
            {text(option)}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
