"""Recording of trading sessions, and their replay. `state` is what the core remembers, `recorder` writes, `replay` tells it again."""
