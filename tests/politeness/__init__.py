"""Twenty points of politeness towards publishers, and a virtual week in which they are counted."""
