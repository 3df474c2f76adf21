"""The configuration that `tocsin init` writes: short, commented, and working as it is."""

STARTER = """\
# yaml-language-server: $schema=schema.json
# What tocsin watches, what for, and who hears of it. See every mistake in this file at once: tocsin check

polling:
  every: 15m             # how often a feed is asked; durations are written 30s, 15m, 2h, 1d or 1h30m
  # contact: desk@example.org    # tell publishers whom to write to, in the User-Agent
  # proxy: http://proxy.example.org:3128      # an HTTP proxy that feeds are asked through

outlets:                 # a publisher and its feeds: RSS, Atom, RDF or JSON Feed
  - name: The Moscow Times
    language: en
    tags: [russia]       # words of your own; a rule can ask for tag:russia
    feeds:
      - url: https://www.themoscowtimes.com/rss/news
        heed_ttl: false  # it states a ttl of ten hours; without this line that is obeyed
        # every: 10m     # a feed may have a pace of its own
        # headers: {X-Api-Key: "${KEY}"}        # sent to its own server only; also username:, password:, user_agent:

channels:                # where alerts go
  - name: screen
    kind: console        # prints them
    # quiet: "22:00-07:00 Europe/Berlin"        # local hours in which only urgent alerts are sent
    # digest: "07:00 Europe/Berlin mon-fri"     # all that is not urgent in one message; also: every 30m
    # throttle: 20 in 10m                       # beyond so many messages alerts are told together; off: never
  # - name: hook
  #   kind: webhook      # posts them as JSON
  #   url: https://example.org/hook
  #   secret: ${HOOK_SECRET}    # from the environment; also ${file:/path} and ${credential:NAME}
  # other kinds: file, feed, email, telegram, slack, discord, ntfy, apprise

# routes:                # who hears of what, where a rule names no channels
# - channels: [screen]
#   tags: [russia]
#   priorities: [urgent, normal]

entities:                # people, organisations and places under all their names: entity:kremlin in a rule
  - id: kremlin
    type: organisation
    name: Kremlin
    aliases: [Dmitry Peskov, Russian presidency]

rules:                   # words, "phrases", AND OR NOT ( ), title: summary: body: outlet: tag: lang: link:, entity:
  - name: peace-talks
    query: entity:kremlin AND ("peace talks" OR ceasefire OR truce) NOT football
    channels: [screen]   # without this line: every channel
    priority: normal     # urgent, normal or low
    # digest: off        # at once, whatever its channel has; quiet and throttle too
    # updates: thread    # follow the alert up where figures change or a correction comes; else off
    # spread: 5          # say once more when five publishers carry the story
    examples:            # headlines that show what the rule means; tocsin check tries them
      match:
        - Kremlin says truce offer is still on the table
      no_match:
        - Kremlin opens a new museum wing
"""
"""the text of a first `tocsin.yaml`"""
