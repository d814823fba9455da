/** A panel's data: the live channel when it has spoken, the HTTP answer before that. */

import { keepPreviousData, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { get } from "@/api/http";
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
  channel?: string;
  rate?: Rate;
  every?: number;
  enabled?: boolean;
  /** Asked anew when it changes. */
  version?: number;
}

export function useData<T>({
  path,
  channel = "",
  rate = 4,
  every,
  enabled = true,
  version,
}: Source): Data<T> {
  const live = useChannel(channel, rate);
  const query: UseQueryResult<T> = useQuery<T>({
    queryKey: version === undefined ? [path] : [path, version],
    queryFn: ({ signal }) => get<T>(path ?? "", signal),
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
