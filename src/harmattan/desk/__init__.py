"""What people decided: documents, assertions with every version of them, reviews. SQLite, or PostgreSQL by its URL."""
