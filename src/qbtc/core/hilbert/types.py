"""Array types of the package: float64, complex128 and bool, nothing else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Mask = NDArray[np.bool_]
Index = NDArray[np.int64]
