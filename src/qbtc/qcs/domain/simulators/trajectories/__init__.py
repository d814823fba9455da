"""The engine of noise by chance: unravelling makes the tables that `jumps` runs, engine follows the groups of shots."""

from .engine import Trajectories as Trajectories
