/** Signing in: by a one-time link (token in the URL fragment), then a password of one's own; or user and password. */

import { useEffect, useState } from "react";
import { request } from "@/api/http";
import type { Me } from "@/api/types";
import { navigate } from "@/app/router";
import { Failure, Skeleton } from "@/components/Panel";
import { setLanguage, useText } from "@/i18n";
import { useSession } from "@/state/session";
import { PasswordForm, SetPasswordForm } from "./forms";

/** The token of `/login#token=T` or `/login?link=1#T`; the fragment never leaves the browser. */
export function linkToken(hash: string): string | null {
  const raw = hash.replace(/^#/, "");
  if (!raw) return null;
  return new URLSearchParams(raw).get("token") || (raw.includes("=") ? null : decodeURIComponent(raw));
}

let linkUsed: Promise<Me> | null = null;

function useLink(): { busy: boolean; error: unknown } {
  const [token] = useState(() => linkToken(window.location.hash));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(token !== null);
  useEffect(() => {
    if (!token) return;
    window.history.replaceState(null, "", "/login");
    linkUsed ??= request<Me>("/api/web/auth/link", { method: "POST", body: { token }, anonymous: true });
    linkUsed
      .then((me) => useSession.getState().signIn(me))
      .catch((caught: unknown) => {
        linkUsed = null;
        setError(caught);
      })
      .finally(() => setBusy(false));
  }, [token]);
  return { busy, error };
}

export default function Login() {
  const { t, language } = useText();
  const { me, expired, signIn } = useSession();
  const { busy, error } = useLink();
  const finish = (next: Me) => {
    signIn({ ...next, must_set_password: false });
    navigate("/overview", true);
  };
  return (
    <main className="login">
      <section className="login-box">
        <div className="login-head">
          <svg width="36" height="36" viewBox="0 0 32 32" aria-hidden="true">
            <rect width="32" height="32" rx="7" className="brand-box" />
            <circle cx="15" cy="15" r="7.5" className="brand-ring" />
            <path d="M19.5 19.5 25 25" className="brand-ring" />
          </svg>
          <div>
            <h1>QBTC</h1>
            <p className="muted">{t("login.tagline")}</p>
          </div>
          <span className="grow" />
          <button
            type="button"
            className="icon-btn lang"
            aria-label={t("frame.language")}
            onClick={() => setLanguage(language === "en" ? "es" : "en")}
          >
            {language.toUpperCase()}
          </button>
        </div>
        {expired && <p className="note tone-warn">{t("login.expired")}</p>}
        {error !== null && <Failure error={error} />}
        {busy && <Skeleton lines={3} />}
        {!busy && me?.must_set_password && <SetPasswordForm me={me} onDone={finish} />}
        {!busy && !me?.must_set_password && <PasswordForm onDone={finish} />}
      </section>
    </main>
  );
}
