"""Named questions. Each composes measures and models into an `Answer`; everybody asks these and computes nothing."""
