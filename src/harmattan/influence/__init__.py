"""Coordinated influence: accounts that share the same things together beyond what activity and popularity explain."""
