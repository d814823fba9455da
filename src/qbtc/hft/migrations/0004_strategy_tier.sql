-- Where a strategy runs: in HFT's own process, or in the compiled engine (`spin`: which never sleeps).
ALTER TABLE strategies
    ADD COLUMN tier text NOT NULL DEFAULT 'service' CHECK (tier IN ('service', 'hot')),
    ADD COLUMN spin boolean NOT NULL DEFAULT false;
