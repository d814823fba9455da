/** Title line with one sentence of state, then the panels. */

import { type ReactNode, useEffect } from "react";

export function Page({
  title,
  sentence,
  children,
  actions,
}: {
  title: string;
  sentence?: string;
  children: ReactNode;
  actions?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · QBTC`;
  }, [title]);
  return (
    <div className="page">
      <div className="page-head">
        <h1>{title}</h1>
        {sentence && <p>{sentence}</p>}
        {actions}
      </div>
      {children}
    </div>
  );
}
