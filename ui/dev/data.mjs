// Made-up answers of the services for development and browser tests; never part of the product.
const HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';
const LONG = "Supercalifragilisticexpialidocious".repeat(6);

export const world = {
  mode: "data",
  trading: "ACTIVE",
  price: 60123.4,
  seq: 1,
  halted: false,
  log: [],
  conversations: {},
  must: false,
};

export const hostile = () => world.mode === "hostile";
export const text = (plain) => (hostile() ? `${HOSTILE} ${LONG} ${plain}` : plain);
const big = (plain) => (hostile() ? "98765432109876543.12345678" : plain);
const d = (value, decimals = 2) => value.toFixed(decimals);
const ago = (ms) => new Date(Date.now() - ms).toISOString();
const wave = (i, k = 1) => Math.sin(Date.now() / 9000 + i * k);

export const market = () => ({
  mode: "REPLAY",
  state: "RUNNING",
  symbols: ["BTCUSDT", "ETHUSDT"],
  session: "s1",
  speed: 4,
  market_time: `${Date.now()}000000`,
  note: text("spot_btcusdt_20240808.gz"),
});
export const trading = () => ({
  mode: "PAPER",
  venue: "local",
  product: "spot",
  keys: "none",
  conditions: [],
  confirmable: false,
  state: world.halted ? "HALTED" : "ACTIVE",
  reason: world.halted ? "stop control" : "",
});
export const symbols = () => ({
  items: [
    {
      symbol: "BTCUSDT",
      base: "BTC",
      quote: "USDT",
      tick_size: "0.01000000",
      lot_size: "0.00001000",
      min_quantity: "0.00001000",
      min_notional: "5.00000000",
    },
    {
      symbol: "ETHUSDT",
      base: "ETH",
      quote: "USDT",
      tick_size: "0.01",
      step_size: "0.0001",
      min_notional: "5",
    },
  ],
});

export function bar(t) {
  const mid = 60100 + 40 * Math.sin(t / 37000) + 9 * Math.sin(t / 4100) + 5 * Math.sin(t / 900);
  const next =
    60100 +
    40 * Math.sin((t + 1000) / 37000) +
    9 * Math.sin((t + 1000) / 4100) +
    5 * Math.sin((t + 1000) / 900);
  return {
    t,
    o: d(mid),
    c: d(next),
    h: d(Math.max(mid, next) + 2),
    l: d(Math.min(mid, next) - 2),
    v: d(0.4 + Math.abs(Math.sin(t / 1700)), 4),
  };
}
export const candles = () => {
  const now = Math.floor(Date.now() / 1000) * 1000;
  return { items: Array.from({ length: 300 }, (_, i) => bar(now - (300 - i) * 1000)) };
};
export function book() {
  const mid = Number(bar(Math.floor(Date.now() / 1000) * 1000).c);
  const side = (sign) =>
    Array.from({ length: 25 }, (_, i) => [
      d(mid + sign * (0.5 + i * 0.7)),
      hostile() ? big("1") : d(0.05 + Math.abs(Math.sin(i * 7 + Date.now() / 700)) * 1.4, 5),
    ]);
  return { symbol: "BTCUSDT", sequence: world.seq, bids: side(-1), asks: side(1) };
}
export const trades = () => ({
  items: Array.from({ length: 30 }, (_, i) => ({
    id: i,
    price: d(60100 + wave(i) * 9),
    quantity: d(0.01 + Math.abs(wave(i, 3)), 5),
    side: i % 3 ? "BUY" : "SELL",
    at: Date.now() - i * 450,
  })),
});
export const positions = () => ({
  items: [
    {
      symbol: "BTCUSDT",
      quantity: big("0.01500000"),
      average_price: "60080.10",
      mark_price: d(60100 + wave(1) * 20),
      unrealised: big(d(wave(1) * 3)),
      realised: "12.40",
    },
  ],
});
export const orders = () => ({
  items: [
    {
      client_order_id: "qb-0190-1",
      symbol: "BTCUSDT",
      side: "BUY",
      type: "LIMIT",
      quantity: "0.01000000",
      price: "59990.00",
      filled: "0.00000000",
      strategy: text("imbalance"),
      created: `${Date.now() - 40000}000000`,
    },
    {
      client_order_id: "qb-0190-2",
      symbol: "BTCUSDT",
      side: "SELL",
      type: "LIMIT",
      quantity: "0.02000000",
      price: "60250.00",
      filled: "0.00500000",
      strategy: null,
      created: `${Date.now() - 9000}000000`,
    },
  ],
});
export const fills = () => ({
  items: [1, 2, 3].map((i) => ({
    trade_id: `t${i}`,
    symbol: "BTCUSDT",
    side: i % 2 ? "BUY" : "SELL",
    fill_price: d(60090 + i * 6),
    fill_quantity: "0.00500000",
    fee: "0.00000500",
    fee_asset: "BTC",
    maker: i === 2,
    strategy: "imbalance",
    at: Date.now() - i * 50000,
  })),
});
export const pnl = () => ({
  realised: big("12.40"),
  unrealised: d(wave(1) * 3),
  fees: "1.07",
  total: d(12.4 + wave(1) * 3),
  equity: d(10012.4 + wave(1) * 3),
  currency: "USDT",
});
export const risk = () => ({
  state: world.halted ? "HALTED" : "ACTIVE",
  rules: [
    { name: "trading_state", unit: "flag", ok: !world.halted },
    { name: "position_notional", limit: "0.05", value: "0.015", headroom: "0.035", ok: true },
    { name: "order_notional", limit: "5000", value: "4200", ok: true },
    { name: "daily_loss", limit: "200", value: "12.5", ok: true },
    { name: text("order_rate"), limit: "10", value: "11", ok: false },
  ],
});
export const strategies = () => [
  {
    name: "imbalance",
    state: "running",
    parameters: { threshold: 0.35, size: 0.005 },
    description: text("Buys when five levels of bids outweigh asks and the regime is calm."),
  },
  {
    name: "maker",
    state: "stopped",
    parameters: { spread_bp: 4 },
    description: "Quotes both sides around the mid price.",
  },
];
const PRESENT = [..."ABCDEFGHIKLMNPQRSTVZ"].map((letter) => letter.charCodeAt(0) - 65);
const present = () => Array.from({ length: 26 }, (_, i) => PRESENT.includes(i));
export const features = () => ({
  bar: 120,
  scores: Array.from({ length: 26 }, (_, i) => wave(i, 1.3) * 4),
  values: Array.from({ length: 26 }, (_, i) => wave(i) * (hostile() ? 1e18 : 1)),
  present: present(),
});
export function state(symbol = "BTCUSDT") {
  const p = 0.5 + 0.3 * wave(2);
  return {
    symbol,
    state_id: `st-${Math.floor(Date.now() / 1000)}`,
    bar_end: `${Date.now()}000000`,
    informative: true,
    intensity: 6.1,
    present: present(),
    novelty: 0.21,
    coherence: 0.3 + 0.1 * wave(1),
    purity: 0.34 + 0.05 * wave(3),
    entropy: 2.1,
    effective_rank: 4.3 + wave(4),
    participation: 3,
    shrinkage: 0.12,
    regime: "calm",
    regime_probabilities: { calm: p, trend: (1 - p) * 0.7, [text("stressed")]: (1 - p) * 0.3 },
    regime_uncertainty: { calm: [p - 0.12, p + 0.1] },
  };
}
export function matrix() {
  const psi = Array.from({ length: 26 }, (_, i) => [wave(i, 1.3) / 5, Math.cos(i * 2.1) / 7]);
  const make = (pick) =>
    psi.map(([a, b], i) => psi.map(([c, e], j) => pick(a * c + b * e, b * c - a * e) * (i === j ? 1 : 0.8)));
  return { real: make((re) => re), imaginary: make((_, im) => im) };
}
export const likest = () => ({
  items: [0.91, 0.84, 0.77].map((signed, i) => ({
    state_id: `00000000-0000-7000-8000-00000000000${i}`,
    kind: "moment",
    symbol: i === 1 ? "ETHUSDT" : "BTCUSDT",
    regime: "calm",
    bar_end: String((Date.now() - (i + 1) * 3_700_000) * 1_000_000),
    signed,
    fidelity: signed * signed + 0.02,
    intensity_ratio: 1.2 - 0.2 * i,
  })),
  searched: { pure: 172_800, mixed: 40, left_out: 0 },
});

export const coherence = () => ({
  items: Array.from({ length: 200 }, (_, i) => ({
    bar_end: `${Date.now() - (200 - i) * 1000}000000`,
    coherence: 0.35 + 0.1 * Math.sin(i / 13),
    purity: 0.3 + 0.08 * Math.sin(i / 21),
    effective_rank: 4 + Math.sin(i / 17),
  })),
});
export const memories = () => ({ items: Array.from({ length: 12 }, (_, i) => memory(`m${i}`)) });
export const memory = (id) => ({
  memory_id: id,
  kind: ["market", "note", "trade"][id.length % 3],
  scope: "desk",
  text: text(
    "BTCUSDT moved from calm to trend at 60,120 with bids outweighing asks by 41 %; depth within 10 bp fell by a third.",
  ),
  happened_at: ago(90000 * (1 + id.length)),
  symbol: "BTCUSDT",
  metadata: { regime: "trend", bar: 311, note: text("x") },
});
export const recall = () => ({
  searched: 412,
  hits: [0, 1, 2].map((i) => ({
    ...memory(`m${i}`),
    score: 0.93 - i * 0.2,
    legs: { lexical: 0.6 - i * 0.2, vector: 0.31, state: 0.12 },
  })),
});
export const reflections = () => ({
  items: [1, 2, 3].map((i) => ({
    reflection_id: `r${i}`,
    symbol: "BTCUSDT",
    text_en: text(
      "After 14 similar moments the price rose within a minute in 9 and fell in 5; the average move was +1.2 bp, which is not distinguishable from zero.",
    ),
    text_es: text(
      "Tras 14 momentos parecidos el precio subió en un minuto en 9 y bajó en 5; el movimiento medio fue +1,2 pb, no distinguible de cero.",
    ),
    rule: "similar-moments/1",
    confidence: 0.41,
    bias: 0.12,
    evidence: ["m1", "m2", "m3"],
    sample: 14,
    created_at: ago(i * 120000),
  })),
});
const service = (name, metrics, extra = {}) => ({
  name,
  state: "ready",
  port: 8000,
  pid: 4000 + name.length,
  uptime_s: 5400,
  memory_bytes: 88_000_000,
  version: "0.1.0",
  checks: { database: "ok", bus: "ok" },
  metrics,
  ...extra,
});
export const services = () => ({
  items: [
    service("hft", { orders: 118, fills: 61, latency_us: 18.4 }),
    service("exchange", { trades: 61022 }),
    service("qcs", { states: 5400, coherence: 0.3421 }),
    service("cio", { memories: 412, reflections: 9 }),
    service(
      "ce3",
      { tools: 14, turns: 6 },
      hostile() ? { state: "failed", detail: text("no answer") } : { state: "starting" },
    ),
    service("web", { sessions: 1, sockets: 2 }),
  ],
});
export const engines = () => ({
  items: [
    { name: "postgres", state: "ready", version: "18.1", embedded: true },
    { name: "valkey", state: "ready", version: "9.1", embedded: true },
    { name: "nginx", state: "ready", version: text("1.31"), embedded: true },
  ],
});
const KEYS = [
  "hft.market.state",
  "qcs.quantum.state",
  "cio.memory.reflected",
  "hft.trading.signal",
  "hft.order.filled",
];
export const event = (i) => ({
  at: new Date().toISOString(),
  service: ["hft", "qcs", "cio", "qcs", "hft"][i % 5],
  key: KEYS[i % 5],
  symbol: "BTCUSDT",
  trace_id: "4bf92f3577b34da6a3ce929d0e0e4736",
  summary_en: text(
    [
      "Bar 311 closed at 60,121.40",
      "Coherence 0.34, regime calm (71 %)",
      "14 similar moments, bias +0.12",
      "Bias +0.12 until the next minute",
      "Bought 0.005 BTC at 60,120.10",
    ][i % 5],
  ),
  summary_es: [
    "La barra 311 cerró en 60.121,40",
    "Coherencia 0,34, régimen calma (71 %)",
    "14 momentos parecidos, sesgo +0,12",
    "Sesgo +0,12 hasta el próximo minuto",
    "Compra de 0,005 BTC a 60.120,10",
  ][i % 5],
});
export const overview = () => ({ events: KEYS.map((_, i) => ({ ...event(i), at: ago(20000 - i * 1000) })) });
export const logs = () => ({
  items: Array.from({ length: 60 }, (_, i) => ({
    timestamp: ago(i * 900),
    service: ["hft", "qcs", "web"][i % 3],
    level: i % 11 === 0 ? "error" : i % 7 === 0 ? "warning" : "info",
    message: text(i % 2 ? "bar published" : "state folded"),
    context: { trace_id: "4bf92f3577b34da6a3ce929d0e0e4736", bar: i, routing_key: "hft.market.state" },
  })),
});
export const traces = () => ({
  items: Array.from({ length: 20 }, (_, i) => ({
    trace_id: `4bf92f3577b34da6a3ce929d0e0e47${10 + i}`,
    name: text("hft.bar.close"),
    services: ["hft", "qcs", "cio", "web"],
    spans: 9,
    duration_ms: 21.4 + i,
    started_at: ago(i * 2000),
    error: i === 4,
  })),
});
export function trace(id) {
  const t0 = Date.now() - 60000;
  const span = (n, parent, name, svc, at, ms) => ({
    span_id: `s${n}`,
    parent_id: parent,
    name,
    service: svc,
    start_ns: `${Math.round((t0 + at) * 1000)}000`,
    duration_ms: ms,
    attributes: { n, note: text("ok") },
  });
  return {
    trace_id: id,
    spans: [
      span(1, null, "bar.close", "hft", 0, 3.1),
      span(2, "s1", "features.compute", "hft", 0.4, 1.9),
      span(3, "s1", "bus.publish hft.market.state", "hft", 2.4, 0.6),
      span(4, "s3", "state.fold", "qcs", 6.2, 4.8),
      span(5, "s4", "bus.publish qcs.quantum.state", "qcs", 10.1, 0.9),
      span(6, "s5", "moment.recall", "cio", 13.4, 5.2),
      span(7, "s5", text("ui.push"), "web", 13.1, 1.1),
    ],
  };
}
export const queues = () => ({
  items: ["hft.orders", "hft.states", "qcs.market", "cio.states", "ce3.requests", "web.events"].map(
    (name, i) => ({
      name: text(name),
      service: name.split(".")[0],
      ready: i % 3,
      unacked: i % 2,
      consumers: 1,
      dead: i === 2 ? 1 : 0,
      oldest_age_s: i * 0.2,
    }),
  ),
});
export const dead = () => ({
  items: [
    {
      id: "d1",
      queue: "qcs.market",
      routing_key: "hft.market.state",
      reason: text("BadInput: matrices have [2] rows, 1 symbols"),
      attempts: 5,
      at: ago(400000),
    },
  ],
});
export const option = () => ({
  id: "0199",
  state: "done",
  result: {
    quantum: {
      value: 0.16325,
      interval: [0.1546, 0.1719],
      exact: 0.16043,
      oracle_calls: 300,
      qubits: 7,
      depth: 23,
    },
    classical: { value: 0.17063, discounted: 0.1697, grid: 0.16228 },
    budget: {
      truncation: -0.00403,
      discretisation: -0.00432,
      payoff: -0.00185,
      sampling: 0.00282,
      total: -0.00738,
    },
  },
});
export const qasm = (shots) => ({
  counts: { "00": Math.round(shots * 0.497), 11: shots - Math.round(shots * 0.497) },
  n_qubits: 2,
  depth: 3,
  engine: "numpy statevector",
  ms: 0.42,
});
export const examples = () => ({
  items: [
    {
      name: "bell",
      source:
        'OPENQASM 2.0;\ninclude "qelib1.inc";\nqreg q[2];\ncreg c[2];\nh q[0];\ncx q[0],q[1];\nmeasure q -> c;\n',
    },
  ],
});
export const models = () => ({ items: [{ name: "offline planner", provider: "offline", active: true }] });
const band = { low: -1.2, middle: 3.4, high: 8.1, level: 0.95 };
const proposal = (id, status) => ({
  id,
  strategy: text("grid"),
  symbol: "BTCUSDT",
  status,
  changes: status === "no-change" ? [] : [{ name: text("step"), current: 10, proposed: 15 }],
  reasons: status === "no-change" ? [{ doubt: "deflated", value: 0.41, bar: 0.95 }] : [],
  figures: {
    inside: { score: 0.21, profit: 4.2, periods: 3600 },
    outside: { score: 0.12, profit: 3.1, periods: 3600 },
    present: { score: -0.05, profit: -1.4, periods: 3600 },
    windows: 8,
    trials: 3.4,
    combinations: 16,
    deflated: 0.968,
    overfitting: 0.08,
    better: 0.95,
    fills: 214,
    hour: band,
    day: band,
    objective: "sharpe",
  },
  created: ago(3_600_000),
  expires: ago(-86_400_000),
  by: "schedule of ana",
});
export const proposalsOfParameters = () => ({
  items: [proposal("p1", "proposed"), proposal("p2", "watched"), proposal("p3", "no-change")],
});
export const schedules = () => ({
  items: [
    {
      strategy: "grid",
      every_seconds: 86_400,
      next: ago(-3_600_000),
      by: "ana",
      asked: { tape: text("binance-spot") },
    },
  ],
});
export const runs = () => ({
  items: ["running", "done", "failed"].map((state, n) => ({
    id: `r${n}`,
    kind: "backtest",
    state,
    created: ago(60_000 * n),
    asked: { strategy: text("grid"), tape: "binance-spot/BTCUSDT" },
    progress: state === "running" ? { step: "running", share: 0.4 } : null,
    headline: state === "done" ? { net: -2.2, fills: 17 } : null,
  })),
});
export const tapes = () => ({
  items: [
    {
      name: text("binance-spot/BTCUSDT"),
      symbol: "BTCUSDT",
      messages: 41249,
      rows: 191927,
      bytes: 2_700_000,
      gaps: 0,
    },
  ],
});
