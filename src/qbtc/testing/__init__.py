"""Public test doubles and fixtures: servers to test against, clocks and models that do what they are told."""
