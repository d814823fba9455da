"""Quantum belief propagation on trees: exact marginals of bifactor states with commuting edges.

    rho  =  M^(1/2) N M^(1/2) / Z,     M = (x)_v mu_v,     N = prod_(u,v) nu_uv

with positive mu_v that need not commute with anything, and positive nu_uv on two neighbours that commute with each other.
Leifer and Poulin, Annals of Physics 323, 1899 (2008): for these, on a tree, the messages

    m_(v->w) = Tr_v[ (mu_v prod_(u != w) m_(u->v)) nu_vw ],     b_v = mu_v^(1/2) prod_u m_(u->v) mu_v^(1/2) / Z

give exact marginals (all m into v commute, since the edges do). Edges that do not commute are refused: there the messages
are an approximation only. Where everything is diagonal it is the sum-product algorithm. Cost: one product of d^2 x d^2 an edge
and direction, instead of d^n.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from .types import Complex

Edge = tuple[int, int]
TOLERANCE = 1e-10


@dataclass(frozen=True, slots=True)
class Marginals:
    """The density matrix of every node and log Z (nats)."""

    nodes: tuple[Complex, ...]
    log_z: float


class NotATree(ValueError):
    """The edges have a cycle or leave a node out."""


class EdgesDoNotCommute(ValueError):
    """Two edges at one node have a commutator, so messages would not be exact."""


def marginals(nodes: Sequence[Complex], edges: Mapping[Edge, Complex]) -> Marginals:
    """Exact marginals of a tree; `nodes[v]` is mu_v (d_v, d_v), `edges[u, v]` is nu_uv (d_u d_v, d_u d_v), u's register
    first. Raises NotATree, EdgesDoNotCommute, and ValueError for shapes and for what is not positive."""
    _check(nodes, edges)
    tree = _Tree(
        tuple(nodes), {pair: nu for (u, v), nu in edges.items() for pair, nu in _both(u, v, nu, nodes).items()}
    )
    messages = tree.messages()
    beliefs = [tree.belief(v, messages) for v in range(len(nodes))]
    totals = [float(np.trace(b).real) for b in beliefs]
    scale = sum(log for _, log in messages.into(0))
    return Marginals(tuple(b / t for b, t in zip(beliefs, totals, strict=True)), float(np.log(totals[0])) + scale)


@dataclass(frozen=True, slots=True)
class _Messages:
    """Messages of trace 1 and the logs that were taken out of them, all below the sender included."""

    found: dict[Edge, tuple[Complex, float]]

    def into(self, node: int, but: int = -1) -> list[tuple[Complex, float]]:
        return [message for (u, v), message in self.found.items() if v == node and u != but]


@dataclass(frozen=True, slots=True)
class _Tree:
    nodes: tuple[Complex, ...]
    edges: dict[Edge, Complex]

    def messages(self) -> _Messages:
        order = _order(len(self.nodes), self.edges)
        found = _Messages({})
        upward = [(child, parent) for child, parent in reversed(order)]
        for v, w in [*upward, *((parent, child) for child, parent in order)]:
            found.found[v, w] = self._message(v, w, found)
        return found

    def _message(self, v: int, w: int, known: _Messages) -> tuple[Complex, float]:
        incoming = known.into(v, but=w)
        inside = self.nodes[v] @ _product([m for m, _ in incoming], len(self.nodes[v]))
        size, other = len(self.nodes[v]), len(self.nodes[w])
        nu = self.edges[v, w].reshape(size, other, size, other)
        message = np.einsum("ij,jaib->ab", inside, nu)
        message = (message + message.conj().T) / 2
        total = float(np.trace(message).real)
        return message / total, float(np.log(total)) + sum(log for _, log in incoming)

    def belief(self, v: int, known: _Messages) -> Complex:
        root = _root(self.nodes[v])
        found = root @ _product([m for m, _ in known.into(v)], len(root)) @ root
        result: Complex = (found + found.conj().T) / 2
        return result


def _product(factors: Sequence[Complex], size: int) -> Complex:
    found: Complex = np.eye(size, dtype=np.complex128)
    for factor in factors:
        found = found @ factor
    return found


def _both(u: int, v: int, nu: Complex, nodes: Sequence[Complex]) -> dict[Edge, Complex]:
    """The edge as seen from either end."""
    a, b = len(nodes[u]), len(nodes[v])
    turned = nu.reshape(a, b, a, b).transpose(1, 0, 3, 2).reshape(a * b, a * b)
    return {(u, v): nu, (v, u): turned}


def _order(count: int, edges: Mapping[Edge, Complex]) -> list[Edge]:
    """(child, parent) from the root 0 outwards."""
    found: list[Edge] = []
    seen, waiting = {0}, [0]
    while waiting:
        parent = waiting.pop()
        for child in sorted(v for u, v in edges if u == parent and v not in seen):
            seen.add(child)
            found.append((child, parent))
            waiting.append(child)
    if len(seen) < count:
        raise NotATree(f"nodes {sorted(set(range(count)) - seen)} are not connected with node 0; a tree connects all")
    return found


def _check(nodes: Sequence[Complex], edges: Mapping[Edge, Complex]) -> None:
    if not nodes:
        raise NotATree("there is no node; at least one is needed")
    pairs = {frozenset(pair) for pair in edges}
    if len(edges) != len(nodes) - 1 or len(pairs) != len(edges) or any(len(pair) < 2 for pair in pairs):
        raise NotATree(
            f"{len(nodes)} nodes and {len(edges)} edges; a tree has one edge fewer than nodes, each between two of them"
        )
    for v, mu in enumerate(nodes):
        _positive(mu, np.shape(mu)[:1] * 2, f"node {v}")
    for (u, v), nu in edges.items():
        if not {u, v} <= set(range(len(nodes))):
            raise NotATree(f"edge {u}-{v} leaves the nodes 0..{len(nodes) - 1}")
        size = len(nodes[u]) * len(nodes[v])
        _positive(nu, (size, size), f"edge {u}-{v}")
    _commute(nodes, edges)


def _positive(a: Complex, shape: tuple[int, ...], what: str) -> None:
    if np.shape(a) != shape:
        raise ValueError(f"{what} has shape {np.shape(a)}; it must be {shape}")
    scale = float(np.abs(a).max())
    if not np.isfinite(scale) or scale == 0 or np.abs(a - np.conj(a).T).max() > TOLERANCE * scale:
        raise ValueError(f"{what} must be a Hermitian matrix of finite numbers, not all zero")
    least = float(np.linalg.eigvalsh(a).min())
    if least < -TOLERANCE * scale:
        raise ValueError(f"{what} is not positive: its least eigenvalue is {least:.3g}")


def _commute(nodes: Sequence[Complex], edges: Mapping[Edge, Complex]) -> None:
    for one, two in combinations(edges, 2):
        shared = set(one) & set(two)
        if not shared:
            continue
        v = shared.pop()
        (a,), (b,) = set(one) - {v}, set(two) - {v}
        first = _both(*one, edges[one], nodes)[a, v]
        second = _both(*two, edges[two], nodes)[v, b]
        left, right = len(nodes[a]), len(nodes[b])
        x, y = np.kron(first, np.eye(right)), np.kron(np.eye(left), second)
        off = float(np.abs(x @ y - y @ x).max())
        if off > TOLERANCE * float(np.abs(x).max() * np.abs(y).max()):
            raise EdgesDoNotCommute(
                f"edges {one} and {two} do not commute: their commutator is up to {off:.3g}; it must be 0"
            )


def _root(a: Complex) -> Complex:
    values, vectors = np.linalg.eigh(a)
    result: Complex = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.conj().T
    return result
