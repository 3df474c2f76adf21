"""What a kind of channel from elsewhere is written with: all of it is here, and stays as it is described.

A package brings a kind by an entry point of the group `tocsin.channels`, whose name is the kind and whose value is a
factory: `ChannelSpec` in, a channel or a tuple of `OptionMistake` out. docs/channels.md teaches it by an example.

The factory runs in `tocsin check` as well as in the daemon: it looks at `spec.options`, which are opaque to tocsin, and
opens nothing. `OptionReader` reads them with the sentences that people know from the other kinds. A mistake shows no
value: it may be secret.

A channel has `async send(message)` and `async close()`, and may have `async probe()`, which goes as far as one can
without sending. `send` tries once and says truthfully how it ended: `Sent`, or `SendFailed` with the `Scope` that it
concerns. It never blocks the event loop, gives up within 55 seconds, and expects the same `message.public_id` again,
for a message whose end was not written down is sent once more. All words of publishers in a message are data.
"""

from monitor.channels.apprise_words import harmless
from monitor.channels.chat_words import shortened
from monitor.channels.options import OptionMistake, OptionReader
from monitor.model.alerts import (
    Alert,
    AlertContent,
    AlertKind,
    Form,
    Item,
    Marked,
    Passage,
    Rendered,
    Scope,
    SendFailed,
    Sent,
)
from monitor.model.rules import Priority
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel
from monitor.text.plain import clean

__all__ = [
    "Alert",
    "AlertContent",
    "AlertKind",
    "Channel",
    "ChannelSpec",
    "Form",
    "Item",
    "Marked",
    "OptionMistake",
    "OptionReader",
    "Passage",
    "Priority",
    "Rendered",
    "Scope",
    "SendFailed",
    "Sent",
    "clean",
    "harmless",
    "shortened",
]
