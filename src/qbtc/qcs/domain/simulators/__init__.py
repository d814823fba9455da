"""Engines that simulate circuits, behind one protocol.

protocol     tasks, costs, outcomes, the Engine
survey       what a circuit consists of
choice       the cheapest engine that can, and why; engines: those there are
statevector  the engine of pure states: plan (schedule, writing, tables, kernels, simd), sampling, observables,
             gradients; lowering says which forms of gates the kernels know
"""
