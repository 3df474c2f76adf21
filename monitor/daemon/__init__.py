"""The lifetime of a process: signals, the lock, start, reload, stop."""
