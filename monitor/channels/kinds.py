"""The kinds of channel there are, and a channel from its specification.

Each kind checks its own options. A kind that is not built in is looked for among those that other packages bring
(`plugged`).
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from monitor.channels.options import OptionMistake, unknown_name
from monitor.model.settings import ChannelSpec
from monitor.ports import Channel

__all__ = ["KINDS", "Factory", "OptionMistake", "build", "outshone"]

Factory = Callable[[ChannelSpec], Channel | tuple[OptionMistake, ...]]


def _apprise(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.apprise_channel import build_apprise

    return build_apprise(spec)


def _console(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.console import build_console

    return build_console(spec)


def _discord(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.discord import build_discord

    return build_discord(spec)


def _email(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.mail import build_mail

    return build_mail(spec)


def _feed(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.feed_files import build_feed

    return build_feed(spec)


def _file(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.lines_file import build_file

    return build_file(spec)


def _ntfy(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.ntfy import build_ntfy

    return build_ntfy(spec)


def _slack(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.slack import build_slack

    return build_slack(spec)


def _telegram(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.telegram import build_telegram

    return build_telegram(spec)


def _webhook(spec: ChannelSpec) -> Channel | tuple[OptionMistake, ...]:
    from monitor.channels.webhook import build_webhook

    return build_webhook(spec)


KINDS: Mapping[str, Factory] = MappingProxyType(
    {
        "apprise": _apprise,
        "console": _console,
        "discord": _discord,
        "email": _email,
        "feed": _feed,
        "file": _file,
        "ntfy": _ntfy,
        "slack": _slack,
        "telegram": _telegram,
        "webhook": _webhook,
    }
)


def build(spec: ChannelSpec, kinds: Mapping[str, Factory] = KINDS) -> Channel | tuple[OptionMistake, ...]:
    """The channel, or every mistake in its options; an unknown kind is the mistake of option `kind`.

    Opens nothing: a channel that was only checked needs no closing.
    """
    factory = kinds.get(spec.kind)
    if factory is not None:
        return factory(spec)
    from monitor.channels.plugged import brought, plugged

    channel = plugged(spec)
    if channel is None:
        return (OptionMistake(option="kind", what=unknown_name("kind of channel", spec.kind, {*kinds, *brought()})),)
    return channel


def outshone(specs: Iterable[ChannelSpec]) -> Mapping[str, str]:
    """Kinds among these that are built in and that a package brings as well → the package, which is not used."""
    from monitor.channels.plugged import brought

    kinds = {spec.kind for spec in specs} & KINDS.keys()
    return {kind: ", ".join(packages) for kind, packages in brought(kinds).items()} if kinds else {}
