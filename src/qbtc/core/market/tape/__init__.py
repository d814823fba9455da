"""The tape: one symbol's recorded market data as columns. Pure: arrays in, arrays out; files are the business of HFT's
adapters. docs/guide/hft/data.md describes the format, `layout` is its definition."""
