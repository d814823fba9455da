/** What CIO says of attention, of itself and of what it learned: bodies of /workspace and /self. */

export interface Candidate {
  name: string;
  source: string;
  kind: string;
  topic: string;
  at: string;
  importance: number;
  salience: number | null;
  confidence: number | null;
}

export interface Told {
  number: number;
  at: string;
  winners: Candidate[];
  passed_over: number;
}

export interface Reading {
  value: number | null;
  samples: number;
}

export interface Indicator extends Reading {
  id: string;
  property: string;
  measures: string;
  limits: string;
  mechanism: string;
  on: Reading;
  off: Reading;
}

export interface Workspace {
  places: number;
  cycle: number;
  winners: Candidate[];
  candidates: Candidate[];
  passed_over: Candidate[];
  attention: {
    now: Record<string, number>;
    expected: Record<string, number>;
    state_known: boolean;
    goals: Record<string, number>;
    heard: Record<string, number>;
  };
  history: Told[];
  notice: string;
  measured_cycles: number;
  indicators: Indicator[];
}

export interface Capability {
  capability: string;
  context: string | null;
  probability: number;
  low: number;
  high: number;
  evidence: number;
}

export interface Figure {
  value: number | null;
  low: number | null;
  high: number | null;
}

export interface Version {
  number: number;
  at: string;
  reason: string;
  diff: string;
}

export interface SelfModel {
  capabilities: Capability[];
  calibration: {
    count: number;
    rate: number;
    ignorant: number;
    brier: Figure;
    ece: Figure;
  } | null;
  versions: Version[];
}

export interface Evolution {
  events: number;
  champion: number;
  weights: Record<string, number>;
  window: number;
  trial: { events: number; mean: number | null; low: number | null; high: number | null };
  versions: Version[];
}

export interface SyncState {
  hash: string;
  items: number;
  verified: number;
  mismatched: number;
  peers: {
    url: string;
    same: boolean | null;
    divergence: { items: number; differing: number } | null;
    problem: string | null;
  }[];
  services: { service: string; symbol: string; hash: string; same: boolean | null }[];
}
