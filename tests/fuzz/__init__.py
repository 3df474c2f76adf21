"""Hostile documents: what they are made of, what must hold for them, and a search for those where it does not."""
