/** What the system remembers: recall with its reasons, the list, and reflections with their evidence. */

import { useState } from "react";
import { Page } from "@/components/Page";
import { Tabs } from "@/components/Tabs";
import { useText } from "@/i18n";
import { useData } from "@/state/data";
import { Detail } from "./Detail";
import { Facts } from "./Facts";
import { LikeNow } from "./LikeNow";
import { MemoryList } from "./MemoryList";
import { Mind } from "./mind/Mind";
import { Recall } from "./Recall";
import { Reflections } from "./Reflections";

interface Status {
  memories?: number | { total?: number };
}

export default function Memory() {
  const { t } = useText();
  const status = useData<Status>({ path: "/api/cio/status", every: 15_000 }).value;
  const [open, setOpen] = useState<string | null>(null);
  const [tab, setTab] = useState<"memory" | "mind">("memory");
  const count = typeof status?.memories === "object" ? status.memories.total : status?.memories;
  return (
    <Page
      title={t("page.memory")}
      sentence={count === undefined ? t("memory.intro") : t("memory.sentence", { count })}
    >
      <Tabs<"memory" | "mind">
        label={t("page.memory")}
        tabs={[
          { id: "memory", title: t("mind.tabMemory") },
          { id: "mind", title: t("mind.tabMind") },
        ]}
        active={tab}
        onSelect={setTab}
      />
      {tab === "mind" && <Mind />}
      {tab === "memory" && (
        <div className="grid memory-grid">
          <Recall onOpen={setOpen} />
          <MemoryList onOpen={setOpen} />
          <Facts onOpen={setOpen} />
          <Reflections onOpen={setOpen} />
          <LikeNow onOpen={setOpen} />
        </div>
      )}
      {open && <Detail id={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
