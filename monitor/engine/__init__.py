"""What drives the flows: ticks in this process now; workers of a task engine later, over the same flows."""
