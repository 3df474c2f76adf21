"""When to poll next: pure."""
