// Development double of the gateway: serves the built UI, the HTTP shapes and the WebSocket.
// Usage: node dev/fake.mjs [port].  POST /__mode {"mode":"data|empty|fail|hostile"} changes what it answers.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as data from "./data.mjs";
import { verse } from "./verse.mjs";
import { accept } from "./ws.mjs";

const { world } = data;
const port = Number(process.argv[2] ?? 9181);
const root = fileURLToPath(new URL("../../src/qbtc/web/static", import.meta.url));
const TYPES = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const clients = new Set();

const EMPTY = {
  "/api/hft/book": { bids: [], asks: [] },
  "/api/hft/pnl": {},
  "/api/hft/risk": { rules: [] },
  "/api/hft/features": {},
  "/api/qcs/states/latest": { items: [] },
  "/api/web/overview": {},
  "/api/cio/status": { memories: 0 },
};
const GET = {
  "/api/web/auth/me": () => ({
    user: data.hostile() ? data.text("ana") : "ana",
    role: "admin",
    must_set_password: world.must,
  }),
  "/api/hft/market": data.market,
  "/api/hft/symbols": data.symbols,
  "/api/hft/candles": data.candles,
  "/api/hft/book": data.book,
  "/api/hft/trades": data.trades,
  "/api/hft/positions": data.positions,
  "/api/hft/orders": data.orders,
  "/api/hft/fills": data.fills,
  "/api/hft/pnl": data.pnl,
  "/api/hft/risk": data.risk,
  "/api/hft/strategies": data.strategies,
  "/api/hft/features": data.features,
  "/api/hft/parameters/proposals": data.proposalsOfParameters,
  "/api/hft/parameters/schedules": data.schedules,
  "/api/hft/research/runs": data.runs,
  "/api/hft/research/tapes": data.tapes,
  "/api/qcs/states/latest": () => ({ items: [data.state()] }),
  "/api/qcs/coherence": data.coherence,
  "/api/qcs/qasm/examples": data.examples,
  "/api/cio/memories": data.memories,
  "/api/cio/reflections": data.reflections,
  "/api/cio/status": () => ({ memories: 412 }),
  "/api/ce3/models": data.models,
  "/api/ce3/conversations": () => ({
    items: Object.entries(world.conversations).map(([id, log]) => ({
      conversation: id,
      title: log[0]?.text,
      updated_at: new Date().toISOString(),
    })),
  }),
  "/api/web/overview": data.overview,
  "/api/web/services": data.services,
  "/api/web/engines": data.engines,
  "/api/web/logs": data.logs,
  "/api/web/traces": data.traces,
  "/api/web/bus/queues": data.queues,
  "/api/web/bus/dead-letters": data.dead,
};
const SHELL = ["/api/web/auth/me", "/api/hft/market", "/api/hft/symbols"];

function reply(response, status, body) {
  response.writeHead(status, {
    "content-type": status < 400 ? "application/json" : "application/problem+json",
  });
  response.end(body === undefined ? "" : JSON.stringify(body));
}

function answerGet(path, response, signedIn) {
  if (path === "/api/web/auth/me" && !signedIn)
    return reply(response, 401, { title: "Not signed in", status: 401 });
  if (world.mode === "fail" && !SHELL.includes(path))
    return reply(response, 503, {
      type: "about:blank",
      title: "Service unavailable",
      status: 503,
      detail: "hft did not answer within 5 s; it is being restarted.",
      trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
    });
  if (world.mode === "empty" && !SHELL.includes(path))
    return reply(response, 200, EMPTY[path] ?? { items: [] });
  if (GET[path]) return reply(response, 200, GET[path]());
  const [, , service, kind, id, tail] = path.split("/");
  if (service === "operations") return reply(response, 200, { status: "done", data: {} });
  if (kind === "traces") return reply(response, 200, data.trace(id));
  if (kind === "memories") return reply(response, 200, data.memory(id));
  if (tail === "matrix") return reply(response, 200, data.matrix());
  if (tail === "events") return reply(response, 200, { items: world.conversations[id] ?? [] });
  return reply(response, 404, { title: "Not found", status: 404, detail: path });
}

function kill(body, response) {
  world.halted = true;
  reply(response, 200, { state: "HALTED", scope: body.scope });
}

const COOKIE = "qbtc_dev=1; HttpOnly; SameSite=Strict; Path=/";
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a flat list of answers
function answerPost(path, body, response) {
  if (path === "/__mode") Object.assign(world, body);
  else if (path === "/__cut") for (const client of clients) client.end();
  else if (path === "/api/web/auth/link" || path === "/api/web/auth/login") {
    if (body.token === "bad" || body.password === "wrong")
      return reply(response, 401, {
        title: "Not accepted",
        status: 401,
        detail: "The link was used or is too old. Make a new one with ./qbtc login.",
      });
    if (body.token) world.must = true;
    response.setHeader("set-cookie", COOKIE);
  } else if (path === "/api/web/auth/password") world.must = false;
  else if (path === "/api/web/auth/logout") response.setHeader("set-cookie", `${COOKIE}; Max-Age=0`);
  else if (path === "/api/web/auth/refresh")
    return reply(response, 401, { title: "Not signed in", status: 401 });
  else if (path === "/api/web/ticket") return reply(response, 200, { ticket: "t" });
  else if (path === "/api/hft/kill") return kill(body, response);
  else if (path === "/api/hft/resume") world.halted = false;
  else if (path === "/api/cio/recall" || path === "/api/cio/search")
    return reply(response, 200, world.mode === "empty" ? { hits: [], searched: 0 } : data.recall());
  else if (path === "/api/qcs/states/search") return reply(response, 200, data.likest());
  else if (path === "/api/qcs/finance/option") return reply(response, 200, data.option());
  else if (path === "/api/qcs/resonance")
    return body.language || body.text.includes(" ")
      ? reply(response, 200, verse())
      : reply(response, 400, {
          type: "urn:qbtc:problem:language-untold",
          title: "The words do not tell the language of the text",
          status: 400,
          field: "language",
          allowed: ["en", "es"],
        });
  else if (path === "/api/qcs/circuits")
    return body.source.includes("qreg")
      ? reply(response, 200, data.qasm(body.shots))
      : reply(response, 422, {
          title: "Bad circuit",
          status: 422,
          detail: "line 1: expected 'OPENQASM 2.0;'",
          field: "source",
        });
  else if (path.startsWith("/api/commands/")) return command(path.slice(14), body, response);
  return reply(response, 200, {});
}

function command(key, body, response) {
  const id = `op-${Date.now()}`;
  reply(response, 202, { operation_id: id, status_url: `/api/operations/${id}` });
  if (key === "ce3.tools.request") return turn(body);
  const failed = key === "hft.order.place" && Number(body.quantity) > 1;
  const problem = {
    title: "Refused by risk",
    status: 409,
    detail: "max_position is 0.05 BTC and this order would make it 1.5.",
    allowed: "0.035",
    trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
  };
  push("operations", {
    operation_id: id,
    status: failed ? "failed" : "done",
    data: {},
    problem: failed ? problem : null,
  });
}

function turn({ conversation, text }) {
  world.conversations[conversation] ??= [];
  const log = world.conversations[conversation];
  const id = `turn${log.length}`;
  const answer = data.text(
    `**${text}**\n\nBTCUSDT trades at \`60,120.10\` and the book leans to the *bid* side.\n\n| side | quantity |\n|---|---:|\n| bid | 4.2 |\n| ask | 2.9 |\n\n- regime calm, 71 %\n- see [docs](https://example.org) and [bad](javascript:alert(1))\n`,
  );
  const parts = [
    { kind: "user", text },
    { kind: "status", text: "planning" },
    {
      kind: "tool_call",
      tool: "market_summary",
      call_id: "c1",
      data: { arguments: { symbol: "BTCUSDT", depth: 5 } },
    },
    {
      kind: "tool_result",
      tool: "market_summary",
      call_id: "c1",
      data: { result: { price: "60120.10", imbalance: 0.41 }, milliseconds: 38 },
    },
    ...answer.match(/[\s\S]{1,24}/g).map((piece) => ({ kind: "text", text: piece })),
    { kind: "sources", sources: [{ title: "HFT market summary", reference: "hft:/market" }] },
    { kind: "done", model: "offline planner" },
  ];
  for (const [i, part] of parts.entries()) {
    setTimeout(() => {
      const entry = { conversation, turn: id, offset: log.length, ...part };
      log.push(entry);
      push(`turn.${conversation}`, entry);
    }, i * 25);
  }
}

const offsets = {};
function push(channel, value) {
  const offset = (offsets[channel] ?? -1) + 1;
  offsets[channel] = offset;
  for (const client of clients)
    if (client.subs.has(channel)) client.send({ c: channel, k: "log", epoch: "e1", offset, v: value });
}

const STATE = {
  market: data.market,
  trading: data.trading,
  services: data.services,
  engines: data.engines,
  positions: data.positions,
  orders: data.orders,
  pnl: data.pnl,
  risk: data.risk,
};
function current(channel) {
  if (channel === "market" || channel === "trading") return { c: channel, k: "state", v: STATE[channel]() };
  if (world.mode !== "data" && world.mode !== "hostile") return null;
  const [kind, symbol] = channel.split(".");
  if (STATE[channel]) return { c: channel, k: "state", v: STATE[channel]() };
  if (kind === "ticker")
    return {
      c: channel,
      k: "state",
      v: { symbol, last: data.bar(Date.now()).o, bid: "60099.50", ask: "60100.50" },
    };
  if (kind === "candle") return { c: channel, k: "state", v: data.bar(Math.floor(Date.now() / 1000) * 1000) };
  if (kind === "features") return { c: channel, k: "state", v: data.features() };
  if (kind === "quantum") return { c: channel, k: "state", v: data.state(symbol) };
  if (kind === "book") return { c: channel, k: "snap", seq: ++world.seq, v: data.book() };
  return null;
}

let beat = 0;
setInterval(() => {
  beat += 1;
  for (const client of clients)
    for (const channel of client.subs) {
      const item = (channel.startsWith("book") || beat % 4 === 0) && current(channel);
      if (item) client.send(item);
    }
  if (beat % 10 === 0 && (world.mode === "data" || world.mode === "hostile"))
    push("events", data.event(beat / 10));
}, 100);

function serveFile(path, response) {
  const file = join(root, path);
  const found = existsSync(file) && statSync(file).isFile() ? file : join(root, "index.html");
  if (!existsSync(found)) return reply(response, 503, { title: "The UI is not built", status: 503 });
  response.writeHead(200, {
    "content-type": TYPES[extname(found)] ?? "application/octet-stream",
    "content-security-policy": CSP,
  });
  response.end(readFileSync(found));
}

const server = createServer((request, response) => {
  const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
  if (request.method === "GET" && !path.startsWith("/api")) return serveFile(path, response);
  if (request.method === "GET")
    return answerGet(path, response, (request.headers.cookie ?? "").includes("qbtc_dev"));
  let raw = "";
  request.on("data", (chunk) => {
    raw += chunk;
  });
  request.on("end", () => answerPost(path, raw ? JSON.parse(raw) : {}, response));
});

server.on("upgrade", (request, socket) => {
  const client = { subs: new Set(), end: () => socket.destroy() };
  const write = accept(request, socket, {
    close: () => clients.delete(client),
    message: (text) => {
      const op = JSON.parse(text);
      if (op.op === "ping") client.send({ k: "pong" });
      if (op.op === "unsub") client.subs.delete(op.channel);
      if (op.op !== "sub") return;
      client.subs.add(op.channel);
      const item = current(op.channel);
      if (item) client.send(item);
    },
  });
  client.send = (item) => write(JSON.stringify({ t: Date.now(), items: [item] }));
  clients.add(client);
  client.send({ k: "hello", session: "s", epoch: "e1" });
});

server.listen(port, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${port}\n`));
