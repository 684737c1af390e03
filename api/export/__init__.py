"""Files for others: exactly what is filtered."""
