/** The application: session first, then the frame with the page of the route. */

import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { ApiError, request, whenSessionExpires } from "@/api/http";
import type { Me } from "@/api/types";
import { Empty, Skeleton } from "@/components/Panel";
import { useText } from "@/i18n";
import { clearLive, wire } from "@/state/live";
import { applyPrefs, usePrefs } from "@/state/prefs";
import { useSession } from "@/state/session";
import { Frame } from "./Frame";
import { navigate, type Page, useRoute } from "./router";

const Login = lazy(() => import("@/pages/login/Login"));

const PAGES: Record<Page, React.LazyExoticComponent<() => React.ReactNode>> = {
  overview: lazy(() => import("@/pages/overview/Overview")),
  trade: lazy(() => import("@/pages/trade/Trade")),
  chat: lazy(() => import("@/pages/chat/Chat")),
  memory: lazy(() => import("@/pages/memory/Memory")),
  quantum: lazy(() => import("@/pages/quantum/Quantum")),
  research: lazy(() => import("@/pages/research/Research")),
  system: lazy(() => import("@/pages/system/System")),
};

const ASK_AGAIN = 1_500;

/** Who am I? Only a clear no signs out; a system that does not answer is asked again. */
function askWho(): void {
  request<Me>("/api/web/auth/me", { anonymous: true })
    .then((me) => useSession.getState().signIn(me))
    .catch((error: unknown) => {
      const status = error instanceof ApiError ? error.status : 0;
      if (status === 401 || status === 403) return useSession.getState().signOut();
      useSession.setState({ unreachable: true });
      window.setTimeout(askWho, ASK_AGAIN);
    });
}

function useStart(): void {
  const client = useQueryClient();
  const phase = useSession((s) => s.phase);
  const ready = useSession((s) => s.phase === "in" && !s.me?.must_set_password);
  useEffect(() => {
    whenSessionExpires((why) => (why === "password" ? askWho() : useSession.getState().signOut(true)));
    const link = window.location.pathname === "/login" && window.location.hash.length > 1;
    if (link) useSession.getState().signOut();
    else askWho();
  }, []);
  useEffect(() => {
    if (ready) wire.start();
    else wire.stop();
  }, [ready]);
  useEffect(() => {
    if (phase === "out") {
      clearLive();
      client.clear();
    }
  }, [phase, client]);
}

function usePrefsOnPage(): void {
  useEffect(() => {
    applyPrefs(usePrefs.getState());
    const media = window.matchMedia("(prefers-color-scheme: dark)");
    const again = () => applyPrefs(usePrefs.getState());
    media.addEventListener("change", again);
    const stop = usePrefs.subscribe(applyPrefs);
    return () => {
      media.removeEventListener("change", again);
      stop();
    };
  }, []);
}

export function App() {
  useStart();
  usePrefsOnPage();
  const route = useRoute();
  const { phase, me, unreachable } = useSession();
  const { t } = useText();
  useEffect(() => {
    if (phase === "in" && route.page === "login" && !me?.must_set_password) navigate("/overview", true);
  }, [phase, route.page, me]);
  if (phase === "loading") return unreachable ? <Empty text={t("login.waiting")} /> : <Skeleton lines={6} />;
  if (phase === "out" || !me || me.must_set_password || route.page === "login") {
    return (
      <Suspense fallback={<Skeleton />}>
        <Login />
      </Suspense>
    );
  }
  const Current = PAGES[route.page];
  return (
    <Frame page={route.page}>
      <Suspense fallback={<Skeleton lines={8} />} key={route.page}>
        <Current />
      </Suspense>
    </Frame>
  );
}
