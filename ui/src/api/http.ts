/** The only place that fetches. Errors are problem documents; a 401 is refreshed once, then reported. */

import type { Problem } from "@/wire/protocol";

export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = "ApiError";
  }

  get status(): number {
    return this.problem.status ?? 0;
  }
}

export interface Call {
  method?: "GET" | "POST" | "DELETE";
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  anonymous?: boolean;
}

/** What a refresh found: a new access cookie, a session that first needs a password, or no session. */
type Refreshed = "ok" | "password" | "over";

let onExpired: (why: "password" | "over") => void = () => undefined;
let refreshing: Promise<Refreshed> | null = null;

export function whenSessionExpires(callback: (why: "password" | "over") => void): void {
  onExpired = callback;
}

async function send(path: string, call: Call): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json", "X-QBTC-CSRF": "1", ...call.headers };
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(path, {
      method: call.method ?? "GET",
      headers,
      credentials: "same-origin",
      body: call.body === undefined ? undefined : JSON.stringify(call.body),
      signal: call.signal,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ title: "unreachable", status: 0 });
  }
}

async function refreshOnce(): Promise<Refreshed> {
  const response = await send("/api/web/auth/refresh", { method: "POST" });
  if (response.ok) return "ok";
  const problem = await problemOf(response);
  if (response.status !== 401 && response.status !== 403) throw new ApiError(problem);
  return problem.type?.endsWith("password-needed") ? "password" : "over";
}

function refresh(): Promise<Refreshed> {
  refreshing ??= refreshOnce().finally(() => {
    refreshing = null;
  });
  return refreshing;
}

async function problemOf(response: Response): Promise<Problem> {
  const fallback: Problem = { title: response.statusText || "error", status: response.status };
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) return fallback;
  const body: unknown = await response.json().catch(() => null);
  if (typeof body !== "object" || body === null) return fallback;
  const trace = response.headers.get("x-trace-id") ?? undefined;
  return { ...fallback, trace_id: trace, ...(body as Partial<Problem>) };
}

/** Call the API and give the JSON body; throws ApiError for everything that is not 2xx. */
export async function request<T>(path: string, call: Call = {}): Promise<T> {
  let response = await send(path, call);
  if (response.status === 401 && !call.anonymous) {
    const found = await refresh();
    if (found === "ok") response = await send(path, call);
    if (response.status === 401) onExpired(found === "password" ? "password" : "over");
  }
  if (!response.ok) {
    throw new ApiError(await problemOf(response));
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

export const get = <T>(path: string, signal?: AbortSignal) => request<T>(path, { signal });
export const post = <T>(path: string, body: unknown = {}, headers?: Record<string, string>) =>
  request<T>(path, { method: "POST", body, headers });
export const remove = <T>(path: string) => request<T>(path, { method: "DELETE" });

/** Lists come as {"items": [...]}; a bare array is taken too. */
export function items<T>(value: unknown): T[] {
  if (Array.isArray(value)) return value as T[];
  if (typeof value === "object" && value !== null) {
    const inner = (value as { items?: unknown }).items;
    if (Array.isArray(inner)) return inner as T[];
  }
  return [];
}

export function newId(): string {
  if (typeof crypto.randomUUID === "function") return crypto.randomUUID();
  const raw = crypto.getRandomValues(new Uint8Array(16));
  return [...raw].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
