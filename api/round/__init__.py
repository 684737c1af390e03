"""Street rounds: what an officer sees of every shop unit in walking order, and what becomes of it."""
