"""What the street network of a town is like: how fast one travels on it, and which parts nobody reaches."""
