"""From raw columns to checked deltas: recipes, normalisation, calendars, checks. Pure."""
