"""Inference on 26-dimensional states, always beside its classical peers and with a verdict in words.

    quantum   predict by a fitted channel, update by a fitted POVM;  direct: a POVM on the state before
    hmm       Gaussian hidden Markov model;   kalman   regression with drifting coefficients
    rows      features and bars to amplitudes and classes;   answer   the whole question as one computation
    scores    log-loss and the Diebold-Mariano test;   compare   walk-forward, purged, nothing looks ahead
    change    change of the window state with its null, beside CUSUM and PELT;   recent   the null of the live loop
    classify  kernel ridge and kernel logistic regression on quantum and classical kernels

Pure: arrays in, numbers out; every generator and seed is passed in. The fits live in core/hilbert, for others too.
"""
