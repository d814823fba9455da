/** The icon set: 24 px strokes, drawn here so that nothing is loaded. */

const PATHS = {
  overview: "M3 12h4l3-8 4 16 3-8h4",
  trade: "M6 4v3m0 8v4M4 7h4v8H4zM17 3v4m0 7v7m-2-14h4v7h-4z",
  chat: "M4 5h16v11H9l-5 4z",
  memory:
    "M12 4a4 4 0 0 0-4 1.5A3.5 3.5 0 0 0 5 11a3.5 3.5 0 0 0 2 6 4 4 0 0 0 5 2zm0 0a4 4 0 0 1 4 1.5A3.5 3.5 0 0 1 19 11a3.5 3.5 0 0 1-2 6 4 4 0 0 1-5 2z",
  quantum:
    "M12 10.5a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM3 12c0-2.2 4-4 9-4s9 1.8 9 4-4 4-9 4-9-1.8-9-4zm4.5-7.8c1.900-1.100 5.500 1.500 8 5.800s3 8.700 1 9.800-5.500-1.500-8-5.800-2.900-8.700-1-9.800z",
  research: "M9 4h6M10 4v6l-5 8a1.500 1.500 0 0 0 1.300 2h11.400a1.500 1.500 0 0 0 1.300-2l-5-8V4M7.500 15h9",
  system: "M4 5h16v5H4zm0 9h16v5H4zM7.500 7.500h.01M7.500 16.500h.01",
  search: "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm4.500 10.500L20 20",
  stop: "M8.500 3h7L21 8.500v7L15.500 21h-7L3 15.500v-7zM9 9h6v6H9z",
  help: "M9.500 9a2.500 2.500 0 1 1 3.500 2.300c-.7.3-1 .9-1 1.700m0 3h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zm0-5v2m0 14v2M3 12h2m14 0h2M5.600 5.600 7 7m10 10 1.400 1.400M5.600 18.400 7 17M17 7l1.400-1.400",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  contrast: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 0v18m3-17v16m3-14v12",
  language: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c5 5 5 13 0 18-5-5-5-13 0-18z",
  rail: "M4 5h16v14H4zM9 5v14",
  exit: "M14 4h5v16h-5M4 12h10m-4-4 4 4-4 4",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12.500 10 17l9-10",
  down: "M6 9l6 6 6-6",
  right: "M9 6l6 6-6 6",
  up: "M6 15l6-6 6 6",
  retry: "M20 11a8 8 0 1 0-2.300 6.300M20 4v7h-7",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  trash: "M4 7h16M9 7V4h6v3m-8 0 1 13h8l1-13M10 11v5m4-5v5",
  play: "M7 5l12 7-12 7z",
  pause: "M8 5v14m8-14v14",
  send: "M4 12l16-8-6 16-3-7z",
  user: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20c1-4 4-6 8-6s7 2 8 6",
  plus: "M12 5v14M5 12h14",
  tool: "M14 7a4 4 0 0 1 5-4l-2.500 2.500 2 2L21 5a4 4 0 0 1-5.500 5L8 18a2.100 2.100 0 0 1-3-3l8-7.500",
  market: "M4 19V9m5 10V5m5 14v-7m5 7V8",
  signal:
    "M12 12h.01M8.500 15.500a5 5 0 0 1 0-7m7 0a5 5 0 0 1 0 7M5.600 18.400a9 9 0 0 1 0-12.800m12.800 0a9 9 0 0 1 0 12.800",
  order: "M5 4h14v16l-3-2-2 2-2-2-2 2-2-2-3 2zM9 9h6m-6 4h6",
  table: "M4 5h16v14H4zM4 10h16M4 15h16M10 5v14",
  max: "M9 4H4v5m11-5h5v5M9 20H4v-5m11 5h5v-5",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  warn: "M12 4 2.500 20h19zM12 10v4m0 3h.01",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
