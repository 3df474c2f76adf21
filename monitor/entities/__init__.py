"""Entities that the configuration declares: their forms in many spellings, and which mentions to believe. Pure."""
