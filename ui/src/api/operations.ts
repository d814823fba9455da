/** Commands: 202 with an operation id, then the result by the `operations` channel or, failing that, by asking. */

import type { Problem } from "@/wire/protocol";
import { ApiError, get, newId, post } from "./http";
import type { Operation } from "./types";

const waiting = new Map<string, (operation: Operation) => void>();
const early = new Map<string, Operation>();
const FIRST_ASK = 700;
const LAST_ASK = 4_000;

const finished = (operation: Operation) => operation.status === "done" || operation.status === "failed";

/** Take an item of the `operations` channel; a result that overtakes its 202 is kept until that arrives. */
export function noteOperation(value: unknown): void {
  const operation = value as Operation;
  if (!operation?.operation_id || !finished(operation)) return;
  const resolve = waiting.get(operation.operation_id);
  if (resolve) resolve(operation);
  else if (early.size < 200) early.set(operation.operation_id, operation);
}

function pushed(id: string): Promise<Operation> {
  const known = early.get(id);
  early.delete(id);
  return known ? Promise.resolve(known) : new Promise((resolve) => waiting.set(id, resolve));
}

async function asked(id: string, over: () => boolean, deadline: number): Promise<Operation> {
  for (let delay = FIRST_ASK; Date.now() < deadline; delay = Math.min(LAST_ASK, delay * 1.5)) {
    await new Promise((resolve) => window.setTimeout(resolve, delay));
    if (over()) return new Promise(() => undefined);
    const operation = await get<Operation>(`/api/operations/${encodeURIComponent(id)}`).catch(() => null);
    if (operation && finished(operation)) return operation;
  }
  throw new ApiError({ title: "timeout", status: 504 });
}

/** Send a command and wait for its effect; throws ApiError when it was refused or failed. */
export async function runCommand(key: string, body: unknown, seconds = 30): Promise<unknown> {
  const accepted = await post<{ operation_id: string }>(`/api/commands/${key}`, body, {
    "Idempotency-Key": newId(),
  });
  const id = accepted.operation_id;
  let over = false;
  try {
    const operation = await Promise.race([pushed(id), asked(id, () => over, Date.now() + seconds * 1_000)]);
    if (operation.status === "failed")
      throw new ApiError(operation.problem ?? ({ title: "failed" } as Problem));
    return operation.data;
  } finally {
    over = true;
    waiting.delete(id);
  }
}

/** Send a command whose progress is shown elsewhere (a chat turn): only its acceptance is awaited. */
export function sendCommand(key: string, body: unknown): Promise<{ operation_id: string }> {
  return post(`/api/commands/${key}`, body, { "Idempotency-Key": newId() });
}
