"""The legal vacancy register and the inventory of business premises, beside what the survey saw."""
