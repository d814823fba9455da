-- When the paper account was given its starting balances: executions from before explain nothing that is held now.
-- `at_ns` is HFT's clock, by which a reset that is told again is known; `stored_at` is comparable with that of fills.
CREATE TABLE paper_resets (
    venue     text NOT NULL,
    at_ns     bigint NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (venue, at_ns)
);
ALTER TABLE paper_resets ENABLE ROW LEVEL SECURITY;
CREATE POLICY paper_resets_all ON paper_resets USING (true) WITH CHECK (true);
