"""Who can reach a place, on foot, by bicycle, by car."""
