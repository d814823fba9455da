"""Quantum finance as it stands: each result has its classical value beside it, and no quantum advantage is claimed.

    option       European options by amplitude estimation          risk       value at risk of credit portfolios
    portfolio    selection by QAOA and VQE, brute force beside     reservoir  realised volatility by a spin network
    linear       linear systems by HHL, the classical solution beside

    circuits     loading, comparing, adding, amplifying: circuits as lists of gates
    estimation   iterative amplitude estimation
    qaoa         the circuit of a cost function and its energies   descent   angles of least energy
    ising        cost functions of bits
    run          the one place that asks a simulator

Everything here is simulated on an ordinary computer, where the classical formula is exact and far cheaper. What the
circuits show is how an estimate would be made and what each step of it costs in accuracy.
"""

NOTE = (
    "No quantum advantage is claimed: the circuits are simulated on an ordinary computer, where the classical value "
    "beside them is exact or better and far cheaper."
)
