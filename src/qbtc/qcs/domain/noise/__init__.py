"""Noise: quantum channels, their forms and distances, and models that put them into circuits.

channels  Kraus sets with closed forms
forms     Choi matrix, superoperator, Pauli transfer matrix; composition and tensor product
distance  fidelities and bounds of the diamond norm
model     which channel follows which operation; reading turns JSON into a model
"""
