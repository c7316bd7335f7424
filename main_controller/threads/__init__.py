"""Threads and what they share; nothing of the product's logic."""
