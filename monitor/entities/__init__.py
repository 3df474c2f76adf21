"""Entities that the configuration declares: their aliases and, later, forms and ambiguity. Pure."""
