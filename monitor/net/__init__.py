"""The network: one conditional, bounded, guarded exchange at a time. The only room that knows aiohttp."""
