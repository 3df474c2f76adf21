"""Entities that come with tocsin, as lines of text: YAML would take longer to read than all the rest of a start."""
