/** The frame of what is asked and answered in one panel: the form at the left, its answer, error or a hint at the right. */

import type { UseMutationResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Empty, Failure, Skeleton } from "./Panel";
import { Button } from "./ui";

interface AskProps<T> {
  run: UseMutationResult<T, Error, void>;
  /** What to do first. */
  idle: string;
  /** The word on the button. */
  go: string;
  ready?: boolean;
  /** Beside the button. */
  aside?: ReactNode;
  children: ReactNode;
  waiting?: ReactNode;
  answer(found: T): ReactNode;
}

export function Ask<T>({ run, idle, go, ready = true, aside, children, waiting, answer }: AskProps<T>) {
  return (
    <div className="ask">
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          run.mutate();
        }}
      >
        {children}
        <div className="row wrap">
          {aside}
          <span className="grow" />
          <Button type="submit" look="primary" icon="play" disabled={run.isPending || !ready}>
            {go}
          </Button>
        </div>
      </form>
      <div aria-live="polite">
        {run.isIdle && <Empty text={idle} />}
        {run.isPending && (waiting ?? <Skeleton />)}
        {run.isError && <Failure error={run.error} />}
        {run.isSuccess && answer(run.data)}
      </div>
    </div>
  );
}
