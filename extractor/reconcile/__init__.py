"""Competing figures side by side (layer: reads runs, judges nothing, averages nothing)."""
