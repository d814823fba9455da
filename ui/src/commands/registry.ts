/**
 * Every action that a palette entry, a shortcut or a button of the frame can start, once.
 *
 * A command is data: where it is listed, its keys, and a function of nothing but its context.
 */

import { post } from "@/api/http";
import { navigate, PAGES, type Page } from "@/app/router";
import type { IconName } from "@/components/Icon";
import { setLanguage } from "@/i18n";
import { type Theme, usePrefs } from "@/state/prefs";
import { useOverlays, useSession } from "@/state/session";

export interface Command {
  id: string;
  section: "go" | "view" | "act" | "symbol";
  title: string;
  values?: Record<string, string>;
  icon: IconName;
  keys?: string;
  run(): void;
}

const PAGE_KEYS: Record<Page, string> = {
  overview: "g o",
  trade: "g t",
  chat: "g c",
  memory: "g m",
  quantum: "g q",
  research: "g r",
  system: "g s",
};

const overlay = (name: "palette" | "kill" | "help") => () => useOverlays.getState().show(name, true);
const theme = (value: Theme) => () => usePrefs.getState().set({ theme: value });

export async function signOut(): Promise<void> {
  await post("/api/web/auth/logout").catch(() => undefined);
  useSession.getState().signOut();
}

const pageCommands: Command[] = PAGES.map((page) => ({
  id: `go.${page}`,
  section: "go",
  title: `page.${page}`,
  icon: page,
  keys: PAGE_KEYS[page],
  run: () => navigate(`/${page}`),
}));

const frameCommands: Command[] = [
  {
    id: "palette",
    section: "act",
    title: "cmd.palette",
    icon: "search",
    keys: "ctrl+k",
    run: overlay("palette"),
  },
  { id: "kill", section: "act", title: "cmd.kill", icon: "stop", keys: "ctrl+shift+x", run: overlay("kill") },
  { id: "help", section: "view", title: "cmd.help", icon: "help", keys: "?", run: overlay("help") },
  { id: "theme.light", section: "view", title: "cmd.themeLight", icon: "sun", run: theme("light") },
  { id: "theme.dark", section: "view", title: "cmd.themeDark", icon: "moon", run: theme("dark") },
  {
    id: "theme.contrast",
    section: "view",
    title: "cmd.themeContrast",
    icon: "contrast",
    run: theme("contrast"),
  },
  { id: "theme.system", section: "view", title: "cmd.themeSystem", icon: "system", run: theme("system") },
  { id: "lang.en", section: "view", title: "cmd.english", icon: "language", run: () => setLanguage("en") },
  { id: "lang.es", section: "view", title: "cmd.spanish", icon: "language", run: () => setLanguage("es") },
  {
    id: "rail",
    section: "view",
    title: "cmd.rail",
    icon: "rail",
    keys: "[",
    run: () => usePrefs.getState().set({ railCollapsed: !usePrefs.getState().railCollapsed }),
  },
  { id: "signout", section: "act", title: "cmd.signOut", icon: "exit", run: () => void signOut() },
];

export const COMMANDS: Command[] = [...pageCommands, ...frameCommands];

export function symbolCommands(symbols: string[]): Command[] {
  return symbols.map((symbol) => ({
    id: `symbol.${symbol}`,
    section: "symbol",
    title: "cmd.symbol",
    values: { symbol },
    icon: "trade",
    run: () => usePrefs.getState().set({ symbol }),
  }));
}

export function commandById(id: string): Command | undefined {
  return COMMANDS.find((command) => command.id === id);
}

/** Does this key press complete a command? Two-key sequences ("g t") give the first key in `prefix`. */
export function commandFor(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey">,
  prefix: string,
) {
  const control = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const chord = control ? `ctrl+${event.shiftKey ? "shift+" : ""}${key}` : prefix ? `${prefix} ${key}` : key;
  return COMMANDS.find((command) => command.keys === chord);
}
