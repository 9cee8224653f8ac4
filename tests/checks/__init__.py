"""Claims checked against releases and dossiers."""
