/** A button that acts only after it was held for a while, by pointer or by key. */

import { useEffect, useRef, useState } from "react";
import { Icon } from "./Icon";

interface HoldProps {
  label: string;
  holding: string;
  milliseconds?: number;
  disabled?: boolean;
  onHeld(): void;
}

export function Hold({ label, holding, milliseconds = 800, disabled, onHeld }: HoldProps) {
  const [down, setDown] = useState(false);
  const timer = useRef(0);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  const start = () => {
    if (down || disabled) return;
    setDown(true);
    timer.current = window.setTimeout(() => {
      setDown(false);
      onHeld();
    }, milliseconds);
  };
  const cancel = () => {
    window.clearTimeout(timer.current);
    setDown(false);
  };
  const isKey = (key: string) => key === " " || key === "Enter";
  return (
    <button
      type="button"
      className={`btn btn-danger hold ${down ? "holding" : ""}`}
      disabled={disabled}
      onPointerDown={start}
      onPointerUp={cancel}
      onPointerLeave={cancel}
      onKeyDown={(event) => isKey(event.key) && !event.repeat && start()}
      onKeyUp={(event) => isKey(event.key) && cancel()}
      onBlur={cancel}
    >
      <Icon name="stop" size={16} />
      {down ? holding : label}
    </button>
  );
}
