"""How many people will pass: issues of the forecast, what came of earlier ones, and what opening hours meet."""
