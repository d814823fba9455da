/** One conversation: its turns, kept at the end while they stream, and the composer. */

import { useMutation } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { items } from "@/api/http";
import { sendCommand } from "@/api/operations";
import type { TurnEvent } from "@/api/types";
import { Failure, Panel, Skeleton } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { useChannel } from "@/state/live";
import { useSymbol } from "@/state/symbol";
import { TurnView } from "./TurnView";
import { turnsOf } from "./turns";

interface ThreadProps {
  conversation: string;
  known: boolean;
  onSent(): void;
}

export function Thread({ conversation, known, onSent }: ThreadProps) {
  const { t, language } = useText();
  const { symbol } = useSymbol();
  const stored = useData<unknown>({
    path: `/api/ce3/conversations/${encodeURIComponent(conversation)}/events?from=0`,
    enabled: known,
  });
  const live = useChannel(`turn.${conversation}`, 20);
  const [asked, setAsked] = useState<string | null>(null);
  const turns = useMemo(
    () => turnsOf([...items<TurnEvent>(stored.value), ...live.log.map((entry) => entry.value as TurnEvent)]),
    [stored.value, live.log],
  );
  const send = useMutation({
    mutationFn: (text: string) =>
      sendCommand("ce3.tools.request", {
        conversation,
        text,
        language,
        ui_context: { page: "chat", symbol },
      }),
    onSuccess: onSent,
  });
  const ask = (text: string) => {
    setAsked(text);
    send.mutate(text);
  };
  const last = turns.at(-1);
  const waiting = asked !== null && last?.question !== asked && !send.isError;
  const busy =
    send.isPending || waiting || (last !== undefined && !last.done && !last.error && asked !== null);
  return (
    <Panel title={t("chat.thread")} area="thread" flush>
      <Scroll mark={`${turns.length}-${last?.answer.length ?? 0}-${last?.calls.length ?? 0}-${waiting}`}>
        {known && stored.loading && <Skeleton lines={5} />}
        {stored.error && known && turns.length === 0 && !waiting && (
          <Failure error={stored.error} retry={stored.retry} />
        )}
        {turns.length === 0 && !waiting && !known && <Starters onPick={ask} />}
        {turns.map((turn) => (
          <TurnView key={turn.id} turn={turn} />
        ))}
        {waiting && asked && (
          <div className="turn">
            <p className="turn-user">{asked}</p>
            <p className="muted working">{t("chat.waiting")}</p>
          </div>
        )}
        {send.isError && <Failure error={send.error} retry={() => asked && ask(asked)} />}
      </Scroll>
      <Composer busy={busy} onSend={ask} />
    </Panel>
  );
}

function Scroll({ mark, children }: { mark: string; children: React.ReactNode }) {
  const { t } = useText();
  const box = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  useEffect(() => {
    if (pinned.current) box.current?.scrollTo({ top: box.current.scrollHeight });
  }, [mark]);
  return (
    <div
      className="thread"
      ref={box}
      role="log"
      aria-label={t("chat.thread")}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        pinned.current = scrollHeight - scrollTop - clientHeight < 60;
      }}
    >
      {children}
    </div>
  );
}

function Starters({ onPick }: { onPick(text: string): void }) {
  const { t } = useText();
  return (
    <div className="starters">
      <h3>{t("chat.startTitle")}</h3>
      <p className="muted">{t("chat.startText")}</p>
      <div className="starter-list">
        {[1, 2, 3, 4].map((number) => (
          <Button key={number} onClick={() => onPick(t(`chat.starter_${number}`))}>
            {t(`chat.starter_${number}`)}
          </Button>
        ))}
      </div>
    </div>
  );
}

function Composer({ busy, onSend }: { busy: boolean; onSend(text: string): void }) {
  const { t } = useText();
  const [text, setText] = useState("");
  const submit = () => {
    if (!text.trim() || busy) return;
    onSend(text.trim());
    setText("");
  };
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <textarea
        rows={2}
        aria-label={t("chat.ask")}
        placeholder={t("chat.placeholder")}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          submit();
        }}
      />
      <Button type="submit" look="primary" icon="send" disabled={busy || !text.trim()}>
        {t("chat.send")}
      </Button>
    </form>
  );
}
