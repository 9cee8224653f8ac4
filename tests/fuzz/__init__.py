"""A coverage-guided fuzzer over the readers of sources."""
