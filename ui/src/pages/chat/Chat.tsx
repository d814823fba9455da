/** The assistant: conversations on the left, the turn log and the composer on the right. */

import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { items, newId } from "@/api/http";
import type { Conversation } from "@/api/types";
import { navigate, useRoute } from "@/app/router";
import { Page } from "@/components/Page";
import { Body, Panel } from "@/components/Panel";
import { Button, Time } from "@/components/ui";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { Thread } from "./Thread";

const idOf = (row: Conversation & { id?: string }) => row.conversation ?? row.id ?? "";

export default function Chat() {
  const { t } = useText();
  const { rest } = useRoute();
  const [fresh, setFresh] = useState(newId);
  const [wantsNew, setWantsNew] = useState(false);
  const client = useQueryClient();
  const data = useData<unknown>({ path: "/api/ce3/conversations", every: 15_000 });
  const list = items<Conversation>(data.value);
  const newest = list[0] ? idOf(list[0]) : undefined;
  const active = rest[0] ?? (wantsNew ? fresh : (newest ?? fresh));
  const start = () => {
    setFresh(newId());
    setWantsNew(true);
    navigate("/chat");
  };
  return (
    <Page title={t("page.chat")} sentence={t("chat.sentence")}>
      <div className="grid chat-grid">
        <Panel
          title={t("chat.list")}
          area="list"
          flush
          controls={
            <Button small icon="plus" onClick={start}>
              {t("chat.new")}
            </Button>
          }
        >
          <Body data={data} empty={list.length === 0} emptyText={t("chat.listEmpty")}>
            <ul className="rows">
              {list.map((row) => (
                <li key={idOf(row)}>
                  <button
                    type="button"
                    aria-current={idOf(row) === active ? "true" : undefined}
                    onClick={() => navigate(`/chat/${encodeURIComponent(idOf(row))}`)}
                  >
                    <span className="clamp-2">{row.title || t("chat.untitled")}</span>
                    <span className="muted">
                      <Time value={row.updated_at} full />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </Body>
        </Panel>
        <Thread
          key={active}
          conversation={active}
          known={active !== fresh}
          onSent={() => {
            if (!rest[0]) navigate(`/chat/${active}`, true);
            void client.invalidateQueries({ queryKey: ["/api/ce3/conversations"] });
          }}
        />
      </div>
    </Page>
  );
}
