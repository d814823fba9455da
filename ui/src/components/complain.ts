/** A failed action as a short message: what went wrong, and what is allowed. */

import { say } from "@/i18n";
import { toast } from "@/state/session";
import { describe } from "./Panel";

export function complain(error: unknown): void {
  const { title, detail, allowed } = describe(error, say);
  const rest = [detail, allowed && say("error.allowed", { allowed })].filter(Boolean).join(" ");
  toast("danger", title, rest || undefined);
}
