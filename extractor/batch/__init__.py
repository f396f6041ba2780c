"""Many documents: which they are, running them one by one, and the folder of a run."""
