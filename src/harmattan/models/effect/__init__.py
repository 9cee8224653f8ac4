"""What an event did: a treated place beside what would have been, with checks that can refuse."""
