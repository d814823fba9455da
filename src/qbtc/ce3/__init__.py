"""Ce3: the assistant. Tools over the other services, model providers, the agent loop and its turn log."""
