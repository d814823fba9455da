"""Engines that simulate circuits, behind one protocol.

protocol     tasks, costs, outcomes, the Engine
survey       what a circuit consists of
choice       the cheapest engine that can, and why; engines: those there are
statevector  the engine of pure states: plan (schedule, writing, tables, kernels, simd), sampling, observables,
             gradients; lowering says which forms of gates the kernels know
density      the engine of mixed states, on the same kernels (superoperators says how); mixed: what is read from a density matrix
trajectories the engine of noise by chance on pure states; jumps: its compiled code
stabiliser   the engine of Clifford circuits with Pauli noise (stim); clifford: which gates and channels those are
reference    mixed states in plain NumPy, what the tests compare with
"""
