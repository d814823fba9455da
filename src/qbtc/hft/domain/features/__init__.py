"""The market features of the 26D basis: one pure function a feature, computed for all symbols at once."""

from .registry import FEATURES, MISSING, Feature, Matrix, compute

__all__ = ["FEATURES", "MISSING", "Feature", "Matrix", "compute"]
