"""What the project promises about speed and memory, measured: each figure beside its limit, in one run."""
