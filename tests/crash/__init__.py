"""A daemon that is killed, again and again, while a loopback press publishes and a loopback sink counts."""
