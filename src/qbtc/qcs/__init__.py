"""QCS: the quantum-statistical engine. Folds market states into the 26-dimensional density matrix, runs circuits."""
