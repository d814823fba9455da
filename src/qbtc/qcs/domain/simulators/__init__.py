"""Engines that simulate circuits, behind one protocol.

protocol   tasks, costs, outcomes, the Engine
survey     what a circuit consists of
choice     the cheapest engine that can, and why
"""
