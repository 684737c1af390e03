"""The unit card, its papers, and what owners say of their premises."""
