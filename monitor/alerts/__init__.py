"""The decision that somebody must hear, and how it is said: pure."""
