"""Pure rules of Ce3: what a conversation is, how the offline planner decides, how arguments are read from text."""
