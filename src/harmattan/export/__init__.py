"""Answers and records as files that other programs read. Every file says where its numbers come from."""
