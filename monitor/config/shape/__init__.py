"""What a configuration may say: one pydantic model a section, each of which yields the plain data of `monitor.model`.

The models refuse what cannot be read; `monitor.config.checks` finds what contradicts something else.
"""
