/**
 * The one socket of this browser: ticket, reconnect with back-off, resume, one delivery a frame.
 *
 * It knows nothing of React. Changes are collected and handed on once per animation frame.
 */

import { type Change, WireCore } from "./core";
import { type ClientOp, parseFrame, type Rate } from "./protocol";

export type Status = "connecting" | "open" | "lost" | "stopped";

export interface WireEvents {
  onChanges(changes: Change[]): void;
  onStatus(status: Status, retryAt: number | null): void;
  onLatency(milliseconds: number): void;
}

const PING_EVERY = 5_000;
const SILENCE = 15_000;

export class WireClient {
  private readonly core = new WireCore();
  private socket: WebSocket | null = null;
  private pending: Change[] = [];
  private painting = false;
  private attempt = 0;
  private retryTimer = 0;
  private pingTimer = 0;
  private pingSent = 0;
  private lastHeard = 0;
  private running = false;

  constructor(
    private readonly ticket: () => Promise<string>,
    private readonly events: WireEvents,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    window.addEventListener("offline", this.whenOffline);
    window.addEventListener("online", this.whenOnline);
    void this.connect();
  }

  stop(): void {
    this.running = false;
    window.removeEventListener("offline", this.whenOffline);
    window.removeEventListener("online", this.whenOnline);
    window.clearTimeout(this.retryTimer);
    this.drop();
    this.events.onStatus("stopped", null);
  }

  retryNow(): void {
    window.clearTimeout(this.retryTimer);
    this.attempt = 0;
    if (this.running && !this.socket) void this.connect();
  }

  subscribe(channel: string, rate: Rate): () => void {
    this.send(this.core.subscribe(channel, rate));
    return () => this.send(this.core.unsubscribe(channel));
  }

  private readonly whenOnline = () => this.retryNow();

  private readonly whenOffline = () => {
    if (!this.socket) return;
    this.drop();
    this.scheduleRetry();
  };

  private async connect(): Promise<void> {
    this.events.onStatus("connecting", null);
    try {
      const ticket = await this.ticket();
      if (!this.running || this.socket) return;
      const scheme = window.location.protocol === "https:" ? "wss" : "ws";
      this.open(new WebSocket(`${scheme}://${window.location.host}/ws?ticket=${encodeURIComponent(ticket)}`));
    } catch {
      this.scheduleRetry();
    }
  }

  private open(socket: WebSocket): void {
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      this.lastHeard = Date.now();
      this.events.onStatus("open", null);
      for (const op of this.core.resume()) this.send(op);
      this.pingTimer = window.setInterval(() => this.ping(), PING_EVERY);
      this.ping();
    };
    socket.onmessage = (message) => this.heard(String(message.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.drop();
      this.scheduleRetry();
    };
  }

  private heard(text: string): void {
    this.lastHeard = Date.now();
    const frame = parseFrame(text);
    if (!frame) return;
    if (this.pingSent && frame.items.some((item) => item.k === "pong")) {
      this.events.onLatency(performance.now() - this.pingSent);
      this.pingSent = 0;
    }
    const { changes, send } = this.core.receive(frame.items);
    for (const op of send) this.send(op);
    if (changes.length > 0) this.paint(changes);
  }

  private paint(changes: Change[]): void {
    this.pending.push(...changes);
    if (this.painting) return;
    this.painting = true;
    const flush = () => {
      this.painting = false;
      const batch = this.pending;
      this.pending = [];
      this.events.onChanges(batch);
    };
    if (document.hidden) window.setTimeout(flush, 250);
    else window.requestAnimationFrame(flush);
  }

  private ping(): void {
    if (Date.now() - this.lastHeard > SILENCE) {
      this.drop();
      this.scheduleRetry();
      return;
    }
    this.pingSent = performance.now();
    this.send({ op: "ping" });
  }

  private send(op: ClientOp | null): void {
    if (op && this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(op));
  }

  private drop(): void {
    window.clearInterval(this.pingTimer);
    const socket = this.socket;
    this.socket = null;
    socket?.close();
  }

  private scheduleRetry(): void {
    if (!this.running) return;
    const delay = Math.min(10_000, 300 * 2 ** this.attempt) * (0.75 + Math.random() / 2);
    this.attempt += 1;
    this.events.onStatus("lost", Date.now() + delay);
    this.retryTimer = window.setTimeout(() => void this.connect(), delay);
  }
}
