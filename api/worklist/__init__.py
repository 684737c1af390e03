"""What a person should look at: stale shop units, and what two sources say differently."""
