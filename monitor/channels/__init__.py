"""Where alerts go: each kind of channel is one small class behind `ports.Channel`."""
