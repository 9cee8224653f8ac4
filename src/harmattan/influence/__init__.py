"""Accounts that act together: Ibis, numpy and scipy on tables of posts; no disk, no clock, no engine opened here."""
