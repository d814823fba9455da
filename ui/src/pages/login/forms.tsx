/** The two forms of the sign-in page. */

import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, request } from "@/api/http";
import type { Me } from "@/api/types";
import { Failure } from "@/components/Panel";
import { Button } from "@/components/ui";
import { useText } from "@/i18n";

export const MIN_PASSWORD = 12;

export function PasswordForm({ onDone }: { onDone(me: Me): void }) {
  const { t } = useText();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const login = useMutation({
    mutationFn: async () => {
      await request("/api/web/auth/login", { method: "POST", body: { user, password }, anonymous: true });
      return get<Me>("/api/web/auth/me");
    },
    onSuccess: onDone,
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        login.mutate();
      }}
    >
      <label className="field">
        {t("login.user")}
        <input
          name="user"
          autoComplete="username"
          required
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
      </label>
      <label className="field">
        {t("login.password")}
        <input
          name="password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </label>
      {login.isError && <Failure error={login.error} />}
      <Button type="submit" look="primary" disabled={login.isPending}>
        {login.isPending ? t("common.working") : t("login.enter")}
      </Button>
      <p className="muted">
        {t("login.hint")} <code>./qbtc login</code>
      </p>
    </form>
  );
}

export function SetPasswordForm({ me, onDone }: { me: Me; onDone(me: Me): void }) {
  const { t } = useText();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const save = useMutation({
    mutationFn: () => post("/api/web/auth/password", { password }),
    onSuccess: () => onDone(me),
  });
  const short = password.length > 0 && password.length < MIN_PASSWORD;
  const differs = again.length > 0 && again !== password;
  const ready = password.length >= MIN_PASSWORD && again === password;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) save.mutate();
      }}
    >
      <p>{t("login.choose", { user: me.user })}</p>
      <input type="hidden" name="user" autoComplete="username" value={me.user} />
      <label className="field">
        {t("login.newPassword")}
        <input
          name="new-password"
          type="password"
          autoComplete="new-password"
          aria-describedby="password-rule"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <small id="password-rule" className={short ? "text-danger" : "muted"}>
          {t("login.rule", { count: MIN_PASSWORD })}
        </small>
      </label>
      <label className="field">
        {t("login.again")}
        <input
          name="again"
          type="password"
          autoComplete="new-password"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
        {differs && <small className="text-danger">{t("login.differs")}</small>}
      </label>
      {save.isError && <Failure error={save.error} />}
      <Button type="submit" look="primary" disabled={!ready || save.isPending}>
        {save.isPending ? t("common.working") : t("login.save")}
      </Button>
    </form>
  );
}
