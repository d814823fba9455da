/** A modal dialog on the platform's own element: focus stays inside, Escape closes. */

import { type ReactNode, useEffect, useRef } from "react";
import { useText } from "@/i18n";
import { IconButton } from "./ui";

interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
  wide?: boolean;
}

export function Dialog({ title, onClose, children, wide }: DialogProps) {
  const { t } = useText();
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = box.current;
    if (element && !element.open) {
      element.showModal();
      // The platform would focus the first control, which is the one that closes.
      element.querySelector<HTMLElement>("[data-focus]")?.focus();
    }
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className={`dialog ${wide ? "dialog-wide" : ""}`}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={(event) => event.target === box.current && onClose()}
    >
      <div className="dialog-box">
        <header>
          <h2>{title}</h2>
          <IconButton icon="close" label={t("common.close")} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
