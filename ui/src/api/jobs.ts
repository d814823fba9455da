/** Long computations of QCS: asked once, followed to their end, cancelled. */

import { ApiError, get, post, request } from "./http";

export type JobState = "queued" | "running" | "done" | "failed" | "cancelled" | "interrupted";
export interface Job<T = unknown> {
  id: string;
  kind: string;
  state: JobState;
  progress: { share: number; step: string };
  /** In a list: only what is short. */
  parameters: Record<string, unknown>;
  created: string;
  started?: string | null;
  ended?: string | null;
  result?: T | null;
  error?: { title: string; status?: number; detail?: string } | null;
}

const LOOK_MS = 1_000;
export const open = (job: Pick<Job, "state">) => job.state === "queued" || job.state === "running";
const path = (id: string) => `/api/qcs/jobs/${encodeURIComponent(id)}`;

export const cancelJob = (id: string) => request<Job>(path(id), { method: "DELETE" });

/** Ask where a job answers, and have its result, however long it takes; `told` sees it while it is open. Throws ApiError when
 * it has none. */
export async function compute<T>(asked: string, body: unknown, told?: (job: Job<T>) => void): Promise<T> {
  let now = await post<Job<T>>(asked, body);
  while (open(now)) {
    told?.(now);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    now = await get<Job<T>>(path(now.id));
  }
  if (!now.result) throw new ApiError(now.error ?? { title: now.state, status: 0 });
  return now.result;
}

/** What is listed with what was pushed since: of each job the word that came last; an end is never undone. */
export function merged(listed: Job[], pushed: Job[]): Job[] {
  const known = new Map(listed.map((job) => [job.id, job]));
  for (const job of pushed) {
    const before = known.get(job.id);
    if (!before || open(before)) known.set(job.id, { ...before, ...job });
  }
  return [...known.values()].sort((a, b) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id));
}
