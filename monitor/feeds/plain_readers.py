"""How each element that is read finds its way into the values of its entry, or of its feed."""

from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

from monitor.feeds.bounded import SKIPS_LIMIT
from monitor.feeds.plain_elements import bare
from monitor.feeds.plain_names import Read
from monitor.feeds.plain_values import ITUNES, Values

Reader = Callable[[Values, Element, int], None]


def _kept(name: str) -> Reader:
    """The reader of what is text and nothing else."""

    def read(values: Values, element: Element, _: int) -> None:
        values.raw[name] = bare(element)

    return read


def _dated(name: str) -> Reader:
    def read(values: Values, element: Element, _: int) -> None:
        values.date(name, element)

    return read


def _skipped(name: str) -> Reader:
    """The reader of one of the hours, or days, at which not to poll."""

    def read(values: Values, element: Element, _: int) -> None:
        output, stated = bare(element), values.raw.setdefault(name, [])
        if len(stated) < SKIPS_LIMIT:
            stated.append(output)

    return read


def _keywords(scheme: str | None) -> Reader:
    def read(values: Values, element: Element, _: int) -> None:
        for term in filter(None, map(str.strip, bare(element).split(","))):
            values.tag(term, scheme, None)

    return read


READERS: Mapping[Read, Reader] = {
    Read.TITLE: Values.title,
    Read.MEDIA_TITLE: Values.media_title,
    Read.LINK: Values.link,
    Read.ID: Values.id,
    Read.DESCRIPTION: Values.description,
    Read.SUMMARY: Values.summary,
    Read.CONTENT: Values.content,
    Read.ENCODED: Values.encoded,
    Read.AUTHOR: Values.author,
    Read.CATEGORY: Values.category,
    Read.MEDIA_CATEGORY: Values.media_category,
    Read.MEDIA_KEYWORDS: _keywords(None),
    Read.ITUNES_CATEGORY: Values.itunes_category,
    Read.ITUNES_KEYWORDS: _keywords(ITUNES),
    Read.PUBLISHED: _dated("published"),
    Read.UPDATED: _dated("updated"),
    Read.CREATED: _dated("created"),
    Read.LANGUAGE: Values.language_stated,
    Read.TTL: _kept("ttl"),
    Read.PERIOD: _kept("sy_updateperiod"),
    Read.FREQUENCY: _kept("sy_updatefrequency"),
    Read.HOUR: _skipped("skip_hours"),
    Read.DAY: _skipped("skip_days"),
    Read.ORIGIN: _kept("feedburner_origlink"),
}
