"""From the scores of a market's bars to pure states: their references, velocities and novelty. Shared by live and research."""

from .states import MarketStates, Measured, without_novelty

__all__ = ["MarketStates", "Measured", "without_novelty"]
