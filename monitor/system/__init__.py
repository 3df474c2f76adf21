"""The machine we run on: time and chance, the lock of the state directory, logs without secrets."""
