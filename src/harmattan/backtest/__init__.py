"""Rolling-origin backtests: what models would have said on past days, and how right that was. Nothing is drawn here."""
