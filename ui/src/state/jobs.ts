/** A person's jobs of QCS: the list once, and then every change as it is pushed. */

import { useMemo } from "react";
import { items } from "@/api/http";
import { type Job, merged } from "@/api/jobs";
import { type Data, useData } from "./data";
import { useChannel } from "./live";

export function useJobs(): Data<unknown> & { jobs: Job[] } {
  const data = useData<unknown>({ path: "/api/qcs/jobs?limit=30", every: 20_000 });
  const { log } = useChannel("jobs", 4);
  const jobs = useMemo(
    () =>
      merged(
        items<Job>(data.value),
        log.map((entry) => entry.value as Job),
      ),
    [data.value, log],
  );
  return { ...data, jobs };
}
