"""The likelihood of the GARCH family with its analytic gradient, and the search for its maximum, compiled.

theta = (mean coefficients, omega, alpha_1..p, gamma_1..o, beta_1..q, shape) in the units of the series:

    linear   h_t = omega + sum alpha_i e_{t-i}^2 + sum gamma_i e_{t-i}^2 1[e_{t-i} < 0] + sum beta_j h_{t-j}
    IGARCH   the same without gamma, sum alpha_i + sum beta_j = 1 (R. Engle, T. Bollerslev 1986)
    EGARCH   ln h_t = omega + sum alpha_i (|z_{t-i}| - sqrt(2/pi)) + sum gamma_i z_{t-i} + sum beta_j ln h_{t-j}

(T. Bollerslev 1986; L. Glosten, R. Jagannathan, D. Runkle 1993; D. Nelson 1991), errors normal or B. Hansen's skewed t
(1994; Student's t is lambda = 0). The gradient is that of G. Fiorentini, G. Calzolari, L. Panattoni (1996) for every
member. The search works on free numbers u: shares of persistence are squares on a sphere, so that a bound is reached at
a finite place and stationarity holds by construction. All in one file: Numba's cache sees changes of its own file only.
"""

# mypy: disable-error-code="no-untyped-def, misc, untyped-decorator"
from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

LINEAR, EGARCH, INTEGRATED = 0, 1, 2
NORMAL, STUDENT, SKEWED = 0, 1, 2
SAMPLE, BACKCAST = 0, 1
"""What stands for the time before the series: its mean square, or its first 75 squares with weights 0.94^t."""
CENTRE = math.sqrt(2.0 / math.pi)
LEAST_NU, MOST_NU = 2.05, 500.0
TOLERANCE, STEPS = 1e-9, 200
FAR = 1e300

_njit: Any = njit
quick = _njit(cache=True, nogil=True, error_model="numpy", fastmath={"contract"})


@quick
def digamma(x):
    """By the recurrence and the asymptotic series; error below 1e-13 for x > 0."""
    found = 0.0
    while x < 10.0:
        found -= 1.0 / x
        x += 1.0
    r = 1.0 / (x * x)
    series = r * (1 / 12.0 - r * (1 / 120.0 - r * (1 / 252.0 - r * (1 / 240.0 - r * (1 / 132.0 - r * 691 / 32760.0)))))
    return found + math.log(x) - 0.5 / x - series


@quick
def shapes(nu, skew, out):
    """Constants of Hansen's density and their derivatives: a, b, log b + log c, then d/dnu and d/dlambda of each."""
    logc = math.lgamma(0.5 * (nu + 1)) - math.lgamma(0.5 * nu) - 0.5 * math.log(math.pi * (nu - 2))
    c = math.exp(logc)
    dlogc = 0.5 * digamma(0.5 * (nu + 1)) - 0.5 * digamma(0.5 * nu) - 0.5 / (nu - 2)
    part = (nu - 2) / (nu - 1)
    a = 4 * skew * c * part
    b = math.sqrt(1 + 3 * skew * skew - a * a)
    a_nu = a * dlogc + 4 * skew * c / ((nu - 1) * (nu - 1))
    a_skew = 4 * c * part
    b_nu, b_skew = -a * a_nu / b, (3 * skew - a * a_skew) / b
    out[0], out[1], out[2] = a, b, math.log(b) + logc
    out[3], out[4], out[5] = a_nu, b_nu, b_nu / b + dlogc
    out[6], out[7], out[8] = a_skew, b_skew, b_skew / b


@quick
def before(y, x, theta, e, start, d_start):
    """Residuals into e; what stands for the squares before the series, and its derivatives by the mean coefficients."""
    n, k = x.shape
    for t in range(n):
        e[t] = y[t]
        for j in range(k):
            e[t] -= x[t, j] * theta[j]
    d_start[:] = 0.0
    if start > 0:
        return start
    mean = 0.0
    for t in range(n):
        mean += e[t] * e[t]
        for j in range(k):
            d_start[j] -= 2.0 * e[t] * x[t, j] / n
    return mean / n


@quick
def linear_step(t, theta, x, e, h, dh, orders, first, d_first):
    """h[t] and its derivatives, of the linear members."""
    k, p, o, q = x.shape[1], orders[1], orders[2], orders[3]
    at = k + 1
    value = theta[k]
    dh[t, :] = 0.0
    dh[t, k] = 1.0
    for i in range(p + o):
        s = t - 1 - (i if i < p else i - p)
        c, weight = theta[at + i], 1.0
        if i >= p:
            weight = 0.5 if s < 0 else (1.0 if e[s] < 0 else 0.0)
        square = first if s < 0 else e[s] * e[s]
        value += c * weight * square
        dh[t, at + i] = weight * square
        for j in range(k):
            dh[t, j] += c * weight * (d_first[j] if s < 0 else -2.0 * e[s] * x[s, j])
    at += p + o
    for i in range(q):
        s, c = t - 1 - i, theta[at + i]
        value += c * (first if s < 0 else h[s])
        dh[t, at + i] += first if s < 0 else h[s]
        if s < 0:
            for j in range(k):
                dh[t, j] += c * d_first[j]
        else:
            for j in range(at + q):
                dh[t, j] += c * dh[s, j]
    h[t] = value


@quick
def log_step(t, theta, x, z, h, dh, orders, first, d_first):
    """ln h[t] into h and its derivatives into dh, of EGARCH."""
    k, p, o, q = x.shape[1], orders[1], orders[2], orders[3]
    at, all_ = k + 1, k + 1 + orders[1] + orders[2] + orders[3]
    value = theta[k]
    dh[t, :] = 0.0
    dh[t, k] = 1.0
    for i in range(p + o):
        s = t - 1 - (i if i < p else i - p)
        if s < 0:
            continue
        c, term, slope = theta[at + i], z[s], 1.0
        if i < p:
            term, slope = abs(z[s]) - CENTRE, (1.0 if z[s] >= 0 else -1.0)
        value += c * term
        dh[t, at + i] += term
        root = math.exp(-0.5 * h[s])
        for j in range(all_):
            d = -0.5 * z[s] * dh[s, j]
            if j < k:
                d -= x[s, j] * root
            dh[t, j] += c * slope * d
    at += p + o
    for i in range(q):
        s, c = t - 1 - i, theta[at + i]
        value += c * (math.log(first) if s < 0 else h[s])
        dh[t, at + i] += math.log(first) if s < 0 else h[s]
        for j in range(k if s < 0 else all_):
            dh[t, j] += c * (d_first[j] / first if s < 0 else dh[s, j])
    h[t] = value


@quick
def density(z, law, theta, at, c, out):
    """log density of z without -ln(h)/2; out: its derivatives by z, nu and lambda."""
    if law == NORMAL:
        out[0] = -z
        return -0.5 * (math.log(2.0 * math.pi) + z * z)
    nu = theta[at]
    skew = theta[at + 1] if law == SKEWED else 0.0
    sign = 1.0 if z + c[0] / c[1] >= 0 else -1.0
    s = 1.0 + skew * sign
    u = (c[1] * z + c[0]) / s
    w = 1.0 + u * u / (nu - 2)
    pull = (nu + 1) * u / ((nu - 2) * w)
    log_w = math.log(w)
    out[0] = -pull * c[1] / s
    out[1] = c[5] - 0.5 * log_w - pull * (c[4] * z + c[3]) / s + 0.5 * pull * u / (nu - 2)
    out[2] = c[8] - pull * ((c[7] * z + c[6]) / s - u * sign / s)
    return c[2] - 0.5 * (nu + 1) * log_w


@quick
def loglik(theta, y, x, orders, start, work, grad, scores):
    """The log-likelihood; -inf where a variance is not positive. Fills `grad`, and `scores` if it has a row a period.

    orders = (family, p, o, q, law); work = (e, h, z, dh); start: variance before the series, 0 for its mean square.
    """
    e, h, z, dh = work
    n, k = x.shape
    family, law = orders[0], orders[4]
    v = k + 1 + orders[1] + orders[2] + orders[3]
    d_first, constants, slope = np.empty(k), np.zeros(9), np.zeros(3)
    first = before(y, x, theta, e, start, d_first)
    if law != NORMAL:
        shapes(theta[v], theta[v + 1] if law == SKEWED else 0.0, constants)
    grad[:] = 0.0
    total, keep = 0.0, scores.shape[0] == n
    for t in range(n):
        if family != EGARCH:
            linear_step(t, theta, x, e, h, dh, orders, first, d_first)
            variance = h[t]
            if not variance > 0 or not variance < FAR:
                return -math.inf
            log_h, by = math.log(variance), 1.0 / variance
        else:
            log_step(t, theta, x, z, h, dh, orders, first, d_first)
            log_h, by = h[t], 1.0
            if not abs(log_h) < 600.0:
                return -math.inf
        root = math.exp(-0.5 * log_h) if family == EGARCH else math.sqrt(by)
        z[t] = e[t] * root
        total += density(z[t], law, theta, v, constants, slope) - 0.5 * log_h
        push = -0.5 * (1.0 + z[t] * slope[0]) * by
        for j in range(theta.size):
            if j >= v:
                s = slope[1 + j - v]
            else:
                s = push * dh[t, j]
                if j < k:
                    s -= x[t, j] * slope[0] * root
            grad[j] += s
            if keep:
                scores[t, j] = s
    return total


@quick
def before_first(y, mu, start, constant):
    """The variance before the first observation, given or the mean square, and its derivative by a constant mean."""
    if start > 0:
        return start, 0.0
    first, slope, n = 0.0, 0.0, y.size
    for t in range(n):
        first += (y[t] - mu) ** 2
        slope -= y[t] - mu
    return first / n, 2.0 * slope / n * constant


@quick
def first_order(theta, y, orders, constant, start, grad):
    """`loglik` of GARCH(1,1) or GJR(1,1,1) with a constant mean (constant 1) or none (0), its gradient in registers."""
    n, law, o = y.size, orders[4], orders[2]
    mu = theta[0] if constant else 0.0
    omega, alpha, beta = theta[constant], theta[constant + 1], theta[constant + 2 + o]
    gamma = theta[constant + 2] if o else 0.0
    constants, slope = np.zeros(9), np.zeros(3)
    v = constant + 3 + o
    if law != NORMAL:
        shapes(theta[v], theta[v + 1] if law == SKEWED else 0.0, constants)
    first, d_first = before_first(y, mu, start, constant)
    h = omega + (alpha + 0.5 * gamma + beta) * first
    d_mu, d_omega, d_alpha, d_gamma, d_beta = (alpha + 0.5 * gamma + beta) * d_first, 1.0, first, 0.5 * first, first
    g_mu, g_omega, g_alpha, g_gamma, g_beta, g_nu, g_skew = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    total, product = 0.0, 1.0
    for t in range(n):
        if not h > 0 or not h < FAR:
            return -math.inf
        e, by = y[t] - mu, 1.0 / h
        square = e * e
        if law == NORMAL:
            pull, push = -e * by, 0.5 * by * (square * by - 1.0)
            total -= 0.5 * square * by
        else:
            root = math.sqrt(by)
            total += density(e * root, law, theta, v, constants, slope)
            pull, push = slope[0] * root, -0.5 * by * (1.0 + e * root * slope[0])
            g_nu += slope[1]
            g_skew += slope[2]
        product *= h
        if not 1e-100 < product < 1e100:
            total -= 0.5 * math.log(product)
            product = 1.0
        g_mu += push * d_mu - pull
        g_omega += push * d_omega
        g_alpha += push * d_alpha
        g_gamma += push * d_gamma
        g_beta += push * d_beta
        fallen = square if e < 0 else 0.0
        d_mu = beta * d_mu - 2.0 * e * (alpha + (gamma if e < 0 else 0.0)) * constant
        d_omega = beta * d_omega + 1.0
        d_alpha = beta * d_alpha + square
        d_gamma = beta * d_gamma + fallen
        d_beta = beta * d_beta + h
        h = omega + alpha * square + gamma * fallen + beta * h
    if constant:
        grad[0] = g_mu
    grad[constant], grad[constant + 1] = g_omega, g_alpha
    if o:
        grad[constant + 2] = g_gamma
    grad[constant + 2 + o] = g_beta
    if law != NORMAL:
        grad[v] = g_nu
    if law == SKEWED:
        grad[v + 1] = g_skew
    total -= 0.5 * math.log(product)
    return total - 0.5 * n * math.log(2.0 * math.pi) if law == NORMAL else total


@quick
def simple(x, orders):
    """1 where `first_order` takes a constant mean, 0 where it takes none, -1 where it does not apply."""
    if orders[0] == EGARCH or orders[1] != 1 or orders[2] > 1 or orders[3] != 1 or x.shape[1] > 1:
        return -1
    if x.shape[1] == 0:
        return 0
    return 1 if x[0, 0] == 1.0 and x[1, 0] == 1.0 else -1


@quick
def natural(u, k, orders, theta):
    """theta of free numbers u, which have one more (the slack of persistence) in the linear family.

    Without that slack, in the integrated one, the shares are all of 1.
    """
    family, p, o, q, law = orders
    c = p + o + q
    shares = c + 1 if family == LINEAR else c
    theta[:k] = u[:k]
    at = k + 1
    if family != EGARCH:
        theta[k] = math.exp(u[k])
        whole = 0.0
        for i in range(shares):
            whole += u[at + i] ** 2
        for i in range(c):
            theta[at + i] = u[at + i] ** 2 / whole
        for i in range(o):
            if i < p:
                low, high = theta[at + i], theta[at + p + i]
                theta[at + i], theta[at + p + i] = 2 * low, 2 * (high - low)
            else:
                theta[at + p + i] *= 2
        last = at + shares
    else:
        theta[k : at + p + o] = u[k : at + p + o]
        for i in range(q):
            theta[at + p + o + i] = math.tanh(u[at + p + o + i])
        last = at + c
    if law != NORMAL:
        rest = 1 / MOST_NU + (1 / LEAST_NU - 1 / MOST_NU) * math.sin(u[last]) ** 2
        theta[at + c] = 1.0 / rest
    if law == SKEWED:
        theta[at + c + 1] = math.tanh(u[last + 1])


@quick
def pulled(u, theta, k, orders, grad, out):
    """The gradient by u of one by theta."""
    family, p, o, q, law = orders
    c, at = p + o + q, k + 1
    shares = c + 1 if family == LINEAR else c
    out[:k] = grad[:k]
    last = at + c
    if family != EGARCH:
        out[k] = grad[k] * theta[k]
        whole, mean = 0.0, 0.0
        for i in range(shares):
            whole += u[at + i] ** 2
        for i in range(c):
            g = grad[at + i]
            if i < p and i < o:
                g = 2 * (g - grad[at + p + i])
            elif p <= i < p + o:
                g *= 2
            out[at + i] = g
            mean += g * u[at + i] ** 2 / whole
        if shares > c:
            out[at + c] = 0.0
        for i in range(shares):
            out[at + i] = 2 * u[at + i] / whole * (out[at + i] - mean)
        last = at + shares
    else:
        out[k : at + p + o] = grad[k : at + p + o]
        for i in range(at + p + o, at + c):
            out[i] = grad[i] * (1 - theta[i] ** 2)
    if law != NORMAL:
        out[last] = -grad[at + c] * theta[at + c] ** 2 * (1 / LEAST_NU - 1 / MOST_NU) * math.sin(2 * u[last])
    if law == SKEWED:
        out[last + 1] = grad[at + c + 1] * (1 - theta[at + c + 1] ** 2)


@quick
def loss(u, y, x, orders, start, work, theta, grad, down):
    """Minus the mean log-likelihood; `down`: its gradient by u."""
    natural(u, x.shape[1], orders, theta)
    constant = simple(x[:2], orders)
    if constant >= 0:
        found = first_order(theta, y, orders, constant, start, grad)
    else:
        found = loglik(theta, y, x, orders, start, work, grad, np.empty((0, 0)))
    if not math.isfinite(found):
        return math.inf
    pulled(u, theta, x.shape[1], orders, grad, down)
    for i in range(u.size):
        down[i] /= -y.size
    return -found / y.size


@quick
def descend(u, inverse, y, x, orders, start, work, theta):
    """BFGS with Armijo's rule from u, which is moved; `inverse` Hessian is taken along. (loss, largest slope, steps)."""
    m = u.size
    grad, down, there, trial = np.empty(theta.size), np.empty(m), np.empty(m), np.empty(m)
    step, change, moved = np.empty(m), np.empty(m), np.empty(m)
    value = loss(u, y, x, orders, start, work, theta, grad, down)
    fresh = True
    for turn in range(STEPS):
        steepest = np.abs(down).max()
        if not steepest > TOLERANCE or not math.isfinite(value):
            return value, steepest, turn
        step[:] = -(inverse @ down)
        fall = step @ down
        if not fall < 0:
            inverse[:] = np.eye(m)
            step[:] = -down
            fall, fresh = -(down @ down), True
        longest = np.abs(step).max()
        size = 1.0 if longest <= 1.0 else 1.0 / longest
        better, found = False, value
        for _ in range(40):
            for i in range(m):
                trial[i] = u[i] + size * step[i]
            found = loss(trial, y, x, orders, start, work, theta, grad, there)
            if found <= value + 1e-4 * size * fall + 1e-15 * abs(value):
                better = True
                break
            bend = 2 * (found - value - size * fall)
            size *= min(max(-fall * size / bend, 0.1), 0.5) if math.isfinite(found) and bend > 0 else 0.2
        if not better:
            if fresh:
                return value, steepest, turn
            inverse[:] = np.eye(m)
            fresh = True
            continue
        for i in range(m):
            moved[i], change[i] = trial[i] - u[i], there[i] - down[i]
            u[i], down[i] = trial[i], there[i]
        value, fresh = found, False
        curve = moved @ change
        if curve > 1e-14:
            pulled_ = inverse @ change
            weight = (1.0 + (change @ pulled_) / curve) / curve
            for i in range(m):
                for j in range(m):
                    inverse[i, j] += (
                        weight * moved[i] * moved[j] - (pulled_[i] * moved[j] + moved[i] * pulled_[j]) / curve
                    )
    return value, np.abs(down).max(), STEPS


@quick
def search(starts, polished, y, x, orders, start, best, inverse):
    """The `polished` best of free starts, descended; the lowest into `best`. (loss, largest slope, steps of all)."""
    n, m = y.size, starts.shape[1]
    size = m - 1 if orders[0] == LINEAR else m
    work = (np.empty(n), np.empty(n), np.empty(n), np.zeros((n, size)))
    theta, grad, down = np.empty(size), np.empty(size), np.empty(m)
    values = np.empty(len(starts))
    for i in range(len(starts)):
        values[i] = loss(starts[i], y, x, orders, start, work, theta, grad, down)
    order = np.argsort(values)
    lowest, slope, steps = math.inf, math.inf, 0
    for i in order[:polished]:
        u, h = starts[i].copy(), np.eye(m)
        value, steepest, used = descend(u, h, y, x, orders, start, work, theta)
        steps += used
        if value < lowest:
            lowest, slope = value, steepest
            best[:], inverse[:] = u, h
    return lowest, slope, steps


@quick
def variances(theta, y, x, orders, first, e, h):
    """Residuals float64[n] into e and variances float64[n + 1] into h: the last is the forecast of the next period."""
    n, k = x.shape
    family, p, o, q = orders[0], orders[1], orders[2], orders[3]
    for t in range(n):
        e[t] = y[t]
        for j in range(k):
            e[t] -= x[t, j] * theta[j]
    for t in range(n + 1):
        value = theta[k]
        for i in range(p):
            s = t - 1 - i
            if family != EGARCH:
                value += theta[k + 1 + i] * (e[s] * e[s] if s >= 0 else first)
            elif s >= 0:
                value += theta[k + 1 + i] * (abs(e[s]) * math.exp(-0.5 * h[s]) - CENTRE)
        for i in range(o):
            s = t - 1 - i
            if family != EGARCH:
                value += theta[k + 1 + p + i] * ((e[s] * e[s] if e[s] < 0 else 0.0) if s >= 0 else 0.5 * first)
            elif s >= 0:
                value += theta[k + 1 + p + i] * e[s] * math.exp(-0.5 * h[s])
        for i in range(q):
            s = t - 1 - i
            past = h[s] if s >= 0 else (first if family != EGARCH else math.log(first))
            value += theta[k + 1 + p + o + i] * past
        h[t] = value
    if family == EGARCH:
        for t in range(n + 1):
            h[t] = math.exp(h[t])


@quick
def weighted_start(y, x):
    """The first 75 squares about the mean (or about 0 without mean coefficients), weighted by 0.94^t."""
    mean, found, whole, weight = 0.0, 0.0, 0.0, 1.0
    if x.shape[1] > 0:
        for t in range(y.size):
            mean += y[t] / y.size
    for t in range(min(75, y.size)):
        found += weight * (y[t] - mean) ** 2
        whole += weight
        weight *= 0.94
    return found / whole


@quick
def roll(starts, y, x, orders, plan, thetas, found):
    """Refits of windows, each from the one before it; the first, and one that does not settle, from all `starts`.

    plan = (window, step, begin, end, how the past is filled). A row a window of thetas, and of found: (log-likelihood,
    largest slope, next variance).
    """
    window, step, begin, end, filled = plan
    k, m, size = x.shape[1], starts.shape[1], thetas.shape[1]
    work = (np.empty(window), np.empty(window), np.empty(window), np.zeros((window, size)))
    u, inverse, theta, h = np.empty(m), np.eye(m), np.empty(size), np.empty(window + 1)
    other, other_inverse = np.empty(m), np.eye(m)
    for i in range(begin, end):
        yy, xx = y[i * step : i * step + window], x[i * step : i * step + window]
        start = weighted_start(yy, xx) if filled == BACKCAST else 0.0
        value, slope = math.inf, math.inf
        if i > begin:
            value, slope, _ = descend(u, inverse, yy, xx, orders, start, work, theta)
        if not slope < 1e-6:
            there, steepest, _ = search(starts, 2, yy, xx, orders, start, other, other_inverse)
            if not there >= value:
                value, slope = there, steepest
                u[:], inverse[:] = other, other_inverse
        natural(u, k, orders, theta)
        first = before(yy, xx, theta, work[0], start, np.empty(k))
        variances(theta, yy, xx, orders, first, work[0], h)
        thetas[i] = theta
        found[i, 0], found[i, 1], found[i, 2] = -value * window, slope, h[window]
