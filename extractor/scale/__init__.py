"""Runs that are not asked call by call: by OpenAI Batch files."""
