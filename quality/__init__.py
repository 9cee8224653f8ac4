"""How well the program reads and checks, measured in the open: a labelled set of our own, headlines, mutated claims."""
