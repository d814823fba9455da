/** The frame of every page: rail, top bar, connection banner, overlays. */

import { lazy, type ReactNode, Suspense } from "react";
import { useShortcuts } from "@/commands/useShortcuts";
import { useText } from "@/i18n";
import { useChannel } from "@/state/live";
import { usePrefs } from "@/state/prefs";
import { useOverlays } from "@/state/session";
import { Banner } from "./Banner";
import { ErrorBoundary } from "./ErrorBoundary";
import { KillDialog } from "./KillDialog";
import { Rail } from "./Rail";
import type { Page } from "./router";
import { Toasts } from "./Toasts";
import { TopBar } from "./TopBar";
import { useNotices } from "./useNotices";

const Palette = lazy(() => import("./Palette"));
const Help = lazy(() => import("./Help"));
const Welcome = lazy(() => import("./Welcome"));

export function Frame({ page, children }: { page: Page; children: ReactNode }) {
  const { t } = useText();
  useShortcuts();
  useChannel("operations", 20);
  useNotices();
  const { palette, kill, help } = useOverlays();
  const { railCollapsed, welcomed } = usePrefs();
  return (
    <div className={`frame ${railCollapsed ? "frame-narrow" : ""}`}>
      <a className="skip" href="#page">
        {t("frame.skip")}
      </a>
      <Rail page={page} />
      <div className="frame-main">
        <TopBar />
        <Banner />
        <main id="page" tabIndex={-1}>
          <ErrorBoundary key={page}>{children}</ErrorBoundary>
        </main>
      </div>
      {kill && <KillDialog />}
      <Suspense fallback={null}>
        {palette && <Palette />}
        {help && <Help />}
        {!welcomed && <Welcome />}
      </Suspense>
      <Toasts />
    </div>
  );
}
