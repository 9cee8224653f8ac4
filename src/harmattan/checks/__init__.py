"""Claims to verdicts: each part of a claim is asked of the registry of questions, and judged by stated rules."""
