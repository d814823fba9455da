"""Where jobs are kept and what runs them: PostgreSQL, a process each, or a Ray cluster."""
