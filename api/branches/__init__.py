"""Which branches a town has fewer of than alike towns, and which of them it wishes."""
