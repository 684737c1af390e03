"""Who is behind a unit or a case: contacts, on which basis they are kept, who read them, and when they go."""
