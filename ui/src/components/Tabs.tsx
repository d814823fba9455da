/** Tabs with arrow keys. */

import type { KeyboardEvent } from "react";

interface TabsProps<T extends string> {
  label: string;
  tabs: { id: NoInfer<T>; title: string; count?: number }[];
  active: T;
  onSelect(id: T): void;
}

export function Tabs<T extends string>({ label, tabs, active, onSelect }: TabsProps<T>) {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (!step) return;
    const index = tabs.findIndex((tab) => tab.id === active);
    const next = tabs[(index + step + tabs.length) % tabs.length];
    if (!next) return;
    onSelect(next.id);
    const buttons = (event.currentTarget as HTMLElement).querySelectorAll("button");
    buttons[tabs.indexOf(next)]?.focus();
  };
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={move}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          aria-selected={tab.id === active}
          tabIndex={tab.id === active ? 0 : -1}
          onClick={() => onSelect(tab.id)}
        >
          {tab.title}
          {tab.count !== undefined && tab.count > 0 && <span className="count">{tab.count}</span>}
        </button>
      ))}
    </div>
  );
}
