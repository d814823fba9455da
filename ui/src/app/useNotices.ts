/** Alerts that fire are told wherever a person is; those that fired before the page was opened are not told again. */

import { useEffect, useRef } from "react";
import type { LoopEvent } from "@/api/types";
import { useText } from "@/i18n";
import { toMillis } from "@/lib/format";
import { useChannel } from "@/state/live";
import { toast } from "@/state/session";

const KEY = "hft.alert.fired";

export function useNotices(): void {
  const { language } = useText();
  const events = useChannel("events", 4);
  const told = useRef(Date.now());
  useEffect(() => {
    let newest = told.current;
    for (const entry of events.log) {
      const event = entry.value as LoopEvent;
      const at = toMillis(event?.at) ?? 0;
      if (event?.key !== KEY || at <= told.current) continue;
      toast("info", (language === "es" ? event.summary_es : event.summary_en) ?? "");
      newest = Math.max(newest, at);
    }
    told.current = newest;
  }, [events.log, language]);
}
