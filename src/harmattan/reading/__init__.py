"""Documents to candidates: what is said about actors, places, dates and figures, with offsets. It decides nothing."""
