"""The workbench in the browser: the same questions, evidence and briefs on pages, and an API. It computes nothing."""
