"""Measurements that anyone can repeat, over deterministic data."""
