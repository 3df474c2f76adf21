"""The order of steps, and nothing else: what a poll and a delivery do, through ports, around pure deciders."""
