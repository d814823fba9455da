/** Keyboard shortcuts from the registry; silent while a person types or a dialog is open. */

import { useEffect } from "react";
import { commandFor } from "./registry";

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName);
}

export function useShortcuts(): void {
  useEffect(() => {
    let prefix = "";
    let timer = 0;
    const onKey = (event: KeyboardEvent) => {
      const control = event.ctrlKey || event.metaKey;
      if (event.altKey || (!control && typing(event.target))) return;
      if (document.querySelector("dialog[open]")) return;
      const command = commandFor(event, prefix);
      prefix = "";
      if (command) {
        event.preventDefault();
        command.run();
      } else if (event.key === "g" && !control) {
        prefix = "g";
        window.clearTimeout(timer);
        timer = window.setTimeout(() => {
          prefix = "";
        }, 1_200);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}
