"""Comparing two documents: what is different, and whether it breaks anybody."""
