/** A panel's data: the live channel when it has spoken, the HTTP answer before that. */

import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { get, request } from "@/api/http";
import type { Problem, Rate } from "@/wire/protocol";
import { useChannel } from "./live";

export interface Data<T> {
  value: T | undefined;
  at: number | null;
  error: Error | null;
  problem: Problem | null;
  loading: boolean;
  retry(): void;
}

export interface Source {
  path?: string;
  /** What is asked, where an address does not say it: the answer comes by POST. */
  body?: unknown;
  channel?: string;
  rate?: Rate;
  every?: number;
  enabled?: boolean;
  /** Asked anew when it changes. */
  version?: number;
}

export function useData<T>({
  path,
  body,
  channel = "",
  rate = 4,
  every,
  enabled = true,
  version,
}: Source): Data<T> {
  const live = useChannel(channel, rate);
  const query: UseQueryResult<T> = useQuery<T>({
    queryKey: [path, body, version].filter((part) => part !== undefined),
    queryFn: ({ signal }) =>
      body === undefined
        ? get<T>(path ?? "", signal)
        : request<T>(path ?? "", { method: "POST", body, signal }),
    enabled: enabled && Boolean(path),
    refetchInterval: every ?? false,
    placeholderData: keepPreviousData,
  });
  const liveIsNewer = live.at !== null && live.value !== undefined && live.at >= query.dataUpdatedAt;
  const value = liveIsNewer ? (live.value as T) : query.data;
  return {
    value,
    at: liveIsNewer ? live.at : query.dataUpdatedAt || null,
    error: value === undefined ? query.error : null,
    problem: live.problem,
    loading: value === undefined && query.isPending && Boolean(path),
    retry: () => void query.refetch(),
  };
}
