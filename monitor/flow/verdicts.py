"""What the fresh entries of a poll lead to, one after another: matches, first alerts, updates, spread.

A rule that has fired for a story says no more of it than it was asked to:
- *updates* come from any entry of the story, new or revised, that is within the rule's outlets, tags and languages. It
  need not match by itself: *death toll rises to 30* names neither the town nor the cause, and what is the same story
  was decided before. Entries of a baseline give none: what was there before alerts nobody.
- *spread* counts publishers, whatever outlets the rule is limited to, and is told with the entry that made it so many.

Both go to the channels that heard the first alert, wherever the entry comes from; routes say which these are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitor.alerts.burst import FLOOD, gathered
from monitor.alerts.follow_ups import as_spread, spread_alert, update_alert
from monitor.alerts.plan import first_alert, once_for
from monitor.alerts.routes import routed
from monitor.flow.watch import FeedWatch, Watch
from monitor.model.alerts import Alert, PublicId
from monitor.model.entries import Entry, Text
from monitor.model.rules import Match, OncePer, RuleName, RuleSpec, Updates, View
from monitor.model.stories import Found, Sifted, Told
from monitor.rules.scope import out_of_scope
from monitor.stories.news import changes


@dataclass(slots=True, kw_only=True)
class _Story:
    """What was told of a story, by earlier polls and by the entries of this one so far."""

    fired: dict[str, PublicId]
    heard: dict[str, tuple[str, ...]]
    """rule → channels that its first alert went to"""
    titles: dict[PublicId, str]
    """of first alerts"""
    outlets: frozenset[str]
    said: list[Text]


@dataclass(slots=True, kw_only=True)
class Verdicts:
    """Matches and alerts as they come up, entry by entry: the first entry of a story in a document fires for it."""

    watch: Watch
    watched: FeedWatch
    told: Mapping[str, Told]
    now: datetime
    ahead: Mapping[Entry, tuple[Match, ...]]
    found: list[Found] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    _stories: dict[str, _Story] = field(default_factory=dict)
    _once: set[tuple[str, str]] = field(default_factory=set)
    """(rule, text or entry) that a rule alerted on in this poll; what it did before, the store knows by the key"""
    _spread: set[tuple[str, str]] = field(default_factory=set)

    def gathered(self, new: int) -> Sequence[Alert]:
        """The alerts as they are to be told, of a poll that brought so many new entries."""
        if new <= FLOOD:
            return self.alerts
        return gathered(self.alerts, feed_url=self.watched.url, now=self.now)

    def judge(self, one: Sifted, language: str) -> None:
        """Look at the next entry, in document order.

        No rule is tried on an entry of a baseline, which alerts nobody: a new installation would try all of them on
        tens of thousands. Who asks why there is no alert has the words, and today's rules.
        """
        if not one.is_baseline:
            self._judge(one, view(one, self.watched, language))
        said = Text(title=one.entry.text.title, summary=one.entry.text.summary)
        self._story(one.story_key).said.append(said)

    def _judge(self, one: Sifted, seen: View) -> None:
        matches = {match.rule: match for match in self._match(one.entry, seen)}
        before = self._rules_before(one, seen)
        for match in matches.values():
            self._note(one, match, is_new=match.rule not in before)
        fired = dict(self._story(one.story_key).fired)
        alerted = {
            match.rule for match in matches.values() if match.rule not in before and self._fire(one, match, seen)
        }
        self._update({rule: id_ for rule, id_ in fired.items() if rule not in alerted}, one, matches, seen)
        self._tell_spread(one, matches, seen)

    def _story(self, story_key: str) -> _Story:
        story = self._stories.get(story_key)
        if story is None:
            told = self.told.get(story_key, Told())
            outlets = told.outlets.union(self.watched.outlets)
            story = _Story(
                fired=dict(told.fired),
                heard=dict(told.heard),
                titles=dict(told.titles),
                outlets=outlets,
                said=list(told.said),
            )
            self._stories[story_key] = story
        return story

    def _rules_before(self, one: Sifted, seen: View) -> frozenset[RuleName]:
        if one.previous is None:
            return frozenset()
        was = replace(one.entry, text=one.previous)
        return frozenset(match.rule for match in self._match(was, replace(seen, text=one.previous)))

    def _match(self, entry: Entry, seen: View) -> tuple[Match, ...]:
        matches = self.ahead.get(entry)
        return self.watch.ruleset.match(seen, self.now) if matches is None else matches

    def _note(self, one: Sifted, match: Match, *, is_new: bool) -> None:
        self.found.append(
            Found(
                entry_key=one.entry_key,
                revision=one.revision,
                rule_hash=self.watch.ruleset.rule_hash(match.rule),
                match=match,
                is_new=is_new,
            )
        )

    def _fire(self, one: Sifted, match: Match, seen: View) -> bool:
        """Raise a first alert, unless the rule had one on this; whether it did."""
        rule, story = self.watch.ruleset.spec(match.rule), self._story(one.story_key)
        once = once_for(rule.once_per, one, self.watched.url)
        if (rule.name, once) in self._once or (rule.once_per is OncePer.STORY and rule.name in story.fired):
            return False
        alert = first_alert(
            rule=rule,
            match=match,
            view=seen,
            story_key=one.story_key,
            once=once,
            channels=routed(rule, seen, self.watch.routes, self.watch.channels),
            now=self.now,
        )
        alert = self._placed(alert, one, seen)
        self._once.add((rule.name, once))
        self.alerts.append(alert)
        is_first_of_story = rule.name not in story.fired
        if is_first_of_story:
            story.fired[rule.name], story.heard[rule.name] = alert.public_id, alert.channels
            story.titles[alert.public_id] = alert.content.title
        if is_first_of_story and (spread := self._spread_of(rule, one, match, seen)):
            self.alerts[-1:] = as_spread(alert, spread)
        return True

    def _update(
        self, fired: Mapping[str, PublicId], one: Sifted, matches: Mapping[RuleName, Match], seen: View
    ) -> None:
        rules = [
            rule
            for rule in self._specs(fired)
            if rule.updates is Updates.THREAD and not out_of_scope(rule, seen, self.now)
        ]
        if not rules:
            return
        found = changes(self._story(one.story_key).said, one.entry.text, one.previous)
        for rule in rules if found else ():
            update = update_alert(
                rule=rule,
                match=matches.get(rule.name),
                view=seen,
                story_key=one.story_key,
                follows=fired[rule.name],
                changes={change.key: change.words for change in found},
                channels=self._heard(rule, one, seen),
                now=self.now,
            )
            self.alerts.append(self._placed(update, one, seen))

    def _tell_spread(self, one: Sifted, matches: Mapping[RuleName, Match], seen: View) -> None:
        for rule in self._specs(self._story(one.story_key).fired):
            if spread := self._spread_of(rule, one, matches.get(rule.name), seen):
                self.alerts.append(spread)

    def _spread_of(self, rule: RuleSpec, one: Sifted, match: Match | None, seen: View) -> Alert | None:
        """What tells that so many carry the story, once in a poll; None where they do not."""
        story = self._story(one.story_key)
        is_over = rule.expires is not None and self.now >= rule.expires
        if not rule.spread or is_over or (rule.name, one.story_key) in self._spread:
            return None
        carriers = _carriers(seen.outlets, story.outlets, self.watch.publishers)
        if len(carriers) < rule.spread:
            return None
        self._spread.add((rule.name, one.story_key))
        spread = spread_alert(
            rule=rule,
            match=match,
            view=seen,
            story_key=one.story_key,
            follows=story.fired[rule.name],
            carriers=carriers,
            channels=self._heard(rule, one, seen),
            now=self.now,
        )
        return self._placed(spread, one, seen)

    def _placed(self, alert: Alert, one: Sifted, seen: View) -> Alert:
        """The alert with who else has the story by now, and with the title of the alert that it goes on from."""
        story, said = self._story(one.story_key), alert.content
        others = () if said.spread else _carriers(seen.outlets, story.outlets, self.watch.publishers)
        own = {self.watch.publishers.get(outlet, outlet) for outlet in seen.outlets}
        also_in = tuple(name for name in others if self.watch.publishers.get(name, name) not in own)
        title = story.titles.get(PublicId(said.follows), "")
        return replace(alert, content=replace(said, also_in=also_in, follows_title=title))

    def _heard(self, rule: RuleSpec, one: Sifted, seen: View) -> tuple[str, ...]:
        """The channels of the first alert that still exist; where it was told in a burst, those that routes say now."""
        heard = self._story(one.story_key).heard.get(rule.name, ())
        still = tuple(channel for channel in heard if channel in self.watch.channels)
        return still or routed(rule, seen, self.watch.routes, self.watch.channels)

    def _specs(self, fired: Iterable[str]) -> list[RuleSpec]:
        """The rules of these names that are still in force."""
        ruleset = self.watch.ruleset
        return [ruleset.spec(RuleName(name)) for name in fired if name in ruleset.numbers]


def view(one: Sifted, watched: FeedWatch, language: str) -> View:
    """What rules see of an entry: its own language, else the feed's, else what the configuration says."""
    entry = one.entry
    return View(
        text=entry.text,
        outlets=watched.outlets,
        tags=watched.tags,
        language=entry.language or language or watched.language,
        link=entry.link,
        authors=entry.authors,
        categories=entry.categories,
        published_at=entry.published_at or entry.updated_at,
    )


def _carriers(own: Sequence[str], outlets: Iterable[str], publishers: Mapping[str, str]) -> tuple[str, ...]:
    """An outlet of each publisher: first those of the entry itself, then the others by name."""
    named: dict[str, str] = {}
    for outlet in (*own, *sorted(outlets, key=str.casefold)):
        named.setdefault(publishers.get(outlet, outlet), outlet)
    return tuple(named.values())
