"""Queries: read, compiled once, evaluated with evidence on candidates only, explained. Pure."""
