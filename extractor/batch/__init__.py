"""Many documents: which they are, a run over them with its ledger, and what is made of it."""
