"""The market features of the 26D basis: one pure, compiled function a feature, and one pass that computes them all."""

from .native import MIN_BARS
from .registry import ELSEWHERE, FEATURES, PERPETUAL, TOGETHER, Feature, Matrix, blocks, compute, warm

__all__ = ["ELSEWHERE", "FEATURES", "MIN_BARS", "PERPETUAL", "TOGETHER", "Feature", "Matrix", "blocks", "compute", "warm"]
