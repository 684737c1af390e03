"""How many people pass: counts, their quality, estimates between sensors."""
