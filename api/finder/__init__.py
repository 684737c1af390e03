"""What strangers see of vacant shop units: only what their owners agreed to."""
