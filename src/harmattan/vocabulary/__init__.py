"""The nouns that every room shares: period, country, cell, origin, criteria, schema."""
