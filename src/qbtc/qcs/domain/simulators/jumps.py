"""Compiled code of trajectories: one pure state through operations of which some are chosen by chance.

`rows` of a table are operations (`unravelling` makes them): start and number of their operators, start of their
`sure` probabilities, targets, effects, condition and bit. `sure[k]` is the least eigenvalue of K^H K: operator k has at
least this probability whatever the state, so that chance decides most of the time without a look at it. A state's norm is
left as it comes, since a look divides by it.

Random numbers: splitmix64 (G. Steele, D. Lea and C. Flood, OOPSLA 2014), a stream a group of shots.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .compiling import compiled, inner
from .kernels import dense, hole, spread
from .sampling import walk
from .simd import flush_denormals, fma, load, mul, restore_denormals, splat, store, swap, turned

# mypy: disable-error-code="untyped-decorator"

IDENTITY, FLIP, DIAGONAL, ONE, DENSE = range(5)
FIRST, COUNT, SURE, TARGETS, WIDTH, EFFECTS, CONDITION, BIT, ROW_FIELDS = range(9)
FORM, SIZE, PLACES, HELD, CONTROL, MATRIX, OPERATOR_FIELDS = range(7)
CERTAIN = 1e-12
LANES = 4


@inner
def drawn(seed: Any) -> float:
    """A uniform number of (0, 1); the stream moves on."""
    seed[0] += np.uint64(0x9E3779B97F4A7C15)
    z = seed[0]
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (np.float64(z >> np.uint64(11)) + 0.5) * 2.0**-53


@compiled
def samples(x: Any, shots: int, seed: Any) -> Any:
    """`shots` basis states in rising order, with the probabilities of the state that `x` holds as pairs."""
    exponential = np.empty(shots + 1)
    for i in range(shots + 1):
        exponential[i] = -np.log(drawn(seed))
    return walk(x, exponential)


@inner
def flip(x: Any, places: Any, control: int, target: int) -> None:
    """X on `target` where the bits of `control` are 1; `places`: target and controls, rising."""
    run, other = 1 << places[0], 1 << target
    for i in range(0, (x.size // 2) >> places.size, run):
        base = hole(i, places) | control
        for j in range(2 * base, 2 * (base + run)):
            x[j], x[j + 2 * other] = x[j + 2 * other], x[j]


@inner
def scaled(x: Any, first: int, last: int, re: float, im: float) -> None:
    a, b = splat(re), splat(im)
    for j in range(first, last, LANES):
        v = load(x, j)
        store(x, j, fma(a, v, mul(b, turned(v))))


@inner
def diagonal(x: Any, places: Any, control: int, target: int, m: Any) -> None:
    """diag(m[0] + i m[1], m[6] + i m[7]) on `target` where the bits of `control` are 1."""
    run = 1 << places[0]
    for half in range(2):
        re, im = m[6 * half], m[6 * half + 1]
        if re == 1.0 and im == 0.0:
            continue
        for i in range(0, (x.size // 2) >> places.size, run):
            base = hole(i, places) | control | half << target
            if run > 1:
                scaled(x, 2 * base, 2 * (base + run), re, im)
            else:
                a, b = x[2 * base], x[2 * base + 1]
                x[2 * base], x[2 * base + 1] = re * a - im * b, re * b + im * a


@inner
def lowest(x: Any, m: Any) -> None:
    """A matrix on qubit 0, whose two amplitudes are one vector."""
    near, far = np.empty(8), np.empty(8)
    near[0], near[1], near[2], near[3] = m[0], m[0], m[6], m[6]
    near[4], near[5], near[6], near[7] = m[1], m[1], m[7], m[7]
    far[0], far[1], far[2], far[3] = m[2], m[2], m[4], m[4]
    far[4], far[5], far[6], far[7] = m[3], m[3], m[5], m[5]
    a, b, c, d = load(near, 0), load(near, 4), load(far, 0), load(far, 4)
    for j in range(0, x.size, LANES):
        v = load(x, j)
        w = swap(v, 1)
        store(x, j, fma(a, v, fma(b, turned(v), fma(c, w, mul(d, turned(w))))))


@inner
def one(x: Any, places: Any, control: int, target: int, m: Any) -> None:
    """The matrix `m` (8 numbers, row after row) on `target` where the bits of `control` are 1."""
    run, other = 1 << places[0], 2 << target
    if run == 1:
        if control == 0:
            lowest(x, m)
            return
        for i in range((x.size // 2) >> places.size):
            j = 2 * (hole(i, places) | control)
            a, b, c, d = x[j], x[j + 1], x[j + other], x[j + other + 1]
            x[j] = m[0] * a - m[1] * b + m[2] * c - m[3] * d
            x[j + 1] = m[0] * b + m[1] * a + m[2] * d + m[3] * c
            x[j + other] = m[4] * a - m[5] * b + m[6] * c - m[7] * d
            x[j + other + 1] = m[4] * b + m[5] * a + m[6] * d + m[7] * c
        return
    a, b, c, d = splat(m[0]), splat(m[1]), splat(m[2]), splat(m[3])
    e, f, g, h = splat(m[4]), splat(m[5]), splat(m[6]), splat(m[7])
    for i in range(0, (x.size // 2) >> places.size, run):
        base = hole(i, places) | control
        for j in range(2 * base, 2 * (base + run), LANES):
            v, w = load(x, j), load(x, j + other)
            iv, iw = turned(v), turned(w)
            store(x, j, fma(a, v, fma(b, iv, fma(c, w, mul(d, iw)))))
            store(x, j + other, fma(e, v, fma(f, iv, fma(g, w, mul(h, iw)))))


@inner
def operate(x: Any, operator: Any, integers: Any, numbers: Any, scale: float, scratch: Any) -> None:
    """One operator, its matrix times `scale`; the identity and X are unitary up to a factor, which is left out."""
    form, size, control = operator[FORM], operator[SIZE], operator[CONTROL]
    if form == IDENTITY:
        return
    targets = integers[operator[PLACES] :]
    places = integers[operator[PLACES] + size : operator[PLACES] + size + operator[HELD]]
    if form == FLIP:
        flip(x, places, control, targets[0])
        return
    entries = 2 << 2 * size
    for i in range(entries):
        scratch[i] = numbers[operator[MATRIX] + i] * scale
    if form == DIAGONAL:
        diagonal(x, places, control, targets[0], scratch)
    elif form == ONE:
        one(x, places, control, targets[0], scratch)
    else:
        dense(x, scratch[entries:], x.size // 2, targets[: 2 * size], control, scratch, LANES)


@inner
def reduced(x: Any, targets: Any, found: Any) -> None:
    """The density matrix of the targets, of trace |x|^2, as pairs row after row."""
    size = 1 << targets.size
    rising = np.sort(targets)
    found[: 2 * size * size] = 0.0
    for i in range((x.size // 2) >> targets.size):
        base = hole(i, rising)
        for a in range(size):
            p = 2 * (base | spread(a, targets))
            for b in range(a, size):
                q = 2 * (base | spread(b, targets))
                found[2 * (a * size + b)] += x[p] * x[q] + x[p + 1] * x[q + 1]
                found[2 * (a * size + b) + 1] += x[p + 1] * x[q] - x[p] * x[q + 1]
    for a in range(size):
        for b in range(a):
            found[2 * (a * size + b)] = found[2 * (b * size + a)]
            found[2 * (a * size + b) + 1] = -found[2 * (b * size + a) + 1]


@inner
def reduced_one(x: Any, target: int, found: Any) -> None:
    """As `reduced` for one target, by whole vectors."""
    sums = found[8:24]
    zero = splat(0.0)
    n0, n1, re, im = zero, zero, zero, zero
    if target == 0:
        for j in range(0, x.size, LANES):
            v = load(x, j)
            w = swap(v, 1)
            n0, re, im = fma(v, v, n0), fma(v, w, re), fma(v, turned(w), im)
    else:
        s = 2 << target
        for first in range(0, x.size, 2 * s):
            for j in range(first, first + s, LANES):
                v, w = load(x, j), load(x, j + s)
                n0, n1, re, im = fma(v, v, n0), fma(w, w, n1), fma(v, w, re), fma(v, turned(w), im)
    store(sums, 0, n0)
    store(sums, 4, n1)
    store(sums, 8, re)
    store(sums, 12, im)
    low, high = sums[0] + sums[1], sums[2] + sums[3]
    found[0] = low if target == 0 else low + high
    found[6] = high if target == 0 else sums[4] + sums[5] + sums[6] + sums[7]
    last = 10 if target == 0 else 12
    found[2], found[3] = 0.0, 0.0
    for i in range(8, last):
        found[2] += sums[i]
        found[3] += sums[i + 4]
    found[1], found[7], found[4], found[5] = 0.0, 0.0, found[2], -found[3]


@inner
def look(x: Any, row: Any, integers: Any, numbers: Any, weights: Any, scratch: Any) -> float:
    """weights[k] = <x| K^H K |x> for every operator of the row; gives their sum, the squared norm."""
    size = row[WIDTH]
    targets = integers[row[TARGETS] : row[TARGETS] + size]
    if size == 1:
        reduced_one(x, targets[0], scratch)
    else:
        reduced(x, targets, scratch)
    entries = 1 << 2 * size
    side = 1 << size
    total = 0.0
    for k in range(row[COUNT]):
        value = 0.0
        for a in range(side):
            for b in range(side):
                e = row[EFFECTS] + 2 * (k * entries + a * side + b)
                r = 2 * (b * side + a)
                value += numbers[e] * scratch[r] - numbers[e + 1] * scratch[r + 1]
        weights[k] = max(value, 0.0)
        total += weights[k]
    return total


@inner
def picked(p: Any, total: float, u: float) -> int:
    """The place where the running sum of `p` passes u * total; the last that is likely where rounding leaves none."""
    wanted, reached, last = u * total, 0.0, 0
    for k in range(p.size):
        if p[k] > 0:
            last = k
        reached += p[k]
        if wanted < reached:
            return k
    return last


@inner
def share(p: Any, shots: int, seed: Any, parts: Any) -> None:
    """Draw `shots` times from `p` (which adds up to 1) and add what came to `parts`; runs of p[0] in one step."""
    left = shots
    if shots > 1 and p[0] > 0.5:
        others = 1 - p[0]
        while left > 0:
            jump = np.log(drawn(seed)) / np.log(p[0]) if others > 1e-300 else np.inf
            if jump >= left:
                parts[0] += left
                return
            parts[0] += int(jump)
            left -= int(jump) + 1
            parts[1 + picked(p[1:], others, drawn(seed))] += 1
        return
    for _ in range(left):
        parts[picked(p, 1.0, drawn(seed))] += 1


@inner
def decide(x: Any, row: Any, tables: Any, shots: int, seed: Any, parts: Any, weights: Any, scratch: Any) -> int:
    """Part the shots by operator: `parts`, and in `weights` what each operator's square is divided by.

    Gives the operator where all shots have the same one, otherwise -1.
    """
    _rows, _operators, integers, sure, numbers = tables
    count = row[COUNT]
    known = sure[row[SURE] : row[SURE] + count + 1]
    parts[: count + 1] = 0
    if known[count] == 1.0:
        parts[count] = shots
    else:
        share(known, shots, seed, parts[: count + 1])
    open_ = parts[count]
    weights[:count] = known[:count]
    if open_ > 0:
        parts[count] = 0
        total = look(x, row, integers, numbers, weights, scratch)
        rest = scratch[:count]
        left = 0.0
        for k in range(count):
            rest[k] = max(weights[k] / total - known[k], 0.0)
            left += rest[k]
        for k in range(count):
            rest[k] /= left
        share(rest, open_, seed, parts[:count])
    for k in range(count):
        if parts[k] == shots:
            return k
    return -1


@inner
def holds(bits: Any, condition: Any) -> bool:
    """`condition`: offset, size and the wanted bits."""
    for i in range(condition[1]):  # noqa: SIM110, compiled code knows no generator
        if bits[condition[0] + i] != condition[2 + i]:
            return False
    return True


@inner
def take(x: Any, row: Any, k: int, tables: Any, weight: float, bits: Any, scratch: Any) -> None:
    """Operator k of an operation that leaves a choice, and its bit."""
    _rows, operators, integers, _sure, numbers = tables
    operate(x, operators[row[FIRST] + k], integers, numbers, 1 / np.sqrt(weight), scratch)
    if row[BIT] >= 0:
        bits[row[BIT]] = k


@compiled
def advance(x: Any, tables: Any, span: Any, shots: int, bits: Any, seed: Any, parts: Any, weights: Any) -> Any:
    """Operations `span[0]` .. `span[1]` on the state (2 * 2^n,); gives the number of the one where the shots part, or of
    the end. `span[2]` is the operator that was chosen already for the first, or -1; it has its weight in `weights`. `span[3]`:
    numbers of scratch.

    `bits` are written by measurements and read by conditions. Where shots part, `parts` and `weights` are of that operation.
    """
    rows, operators, integers, _sure, numbers = tables
    scratch = np.empty(span[3])
    at, chosen = span[0], span[2]
    before = flush_denormals()
    while at < span[1]:
        row = rows[at]
        if chosen < 0 and row[CONDITION] >= 0 and not holds(bits, integers[row[CONDITION] :]):
            at += 1
            continue
        if row[COUNT] == 1:
            operate(x, operators[row[FIRST]], integers, numbers, 1.0, scratch)
        else:
            if chosen < 0:
                chosen = decide(x, row, tables, shots, seed, parts, weights, scratch)
            if chosen < 0:
                break
            take(x, row, chosen, tables, weights[chosen], bits, scratch)
            chosen = -1
        at += 1
    restore_denormals(before)
    return at
