"""Reads the configuration: YAML files → a tree that knows where each value stands → models → plain settings.

The steps, in order: `find` (which file), `document` (one file to a tree), `substitution` (`${…}`), `gather` (includes),
`shape` (what may be said), `wording` and `checks` (what is wrong with it, in English), `load` (all of that).
"""
