/** Page = first path segment; the rest of the path and the query belong to the page. */

import { useSyncExternalStore } from "react";

export const PAGES = ["overview", "trade", "chat", "memory", "quantum", "research", "system"] as const;
export type Page = (typeof PAGES)[number];

export interface Route {
  page: Page | "login";
  rest: string[];
  query: URLSearchParams;
}

export function parseRoute(href: string): Route {
  const url = new URL(href);
  const [first = "", ...rest] = url.pathname.split("/").filter(Boolean);
  const page = first === "login" ? "login" : (PAGES.find((name) => name === first) ?? "overview");
  return { page, rest: rest.map(decodeURIComponent), query: url.searchParams };
}

const listeners = new Set<() => void>();
let current = typeof window === "undefined" ? parseRoute("http://x/") : parseRoute(window.location.href);

function changed(): void {
  current = parseRoute(window.location.href);
  for (const listener of listeners) listener();
}

if (typeof window !== "undefined") window.addEventListener("popstate", changed);

export function navigate(path: string, replace = false): void {
  if (replace) window.history.replaceState(null, "", path);
  else window.history.pushState(null, "", path);
  changed();
}

export function useRoute(): Route {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
