"""Templates: what they can say, what they cannot reach, and that a failing one costs its words and never the alert."""

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.fields import FIELDS, fields
from monitor.alerts.render import render
from monitor.alerts.samples import NOW, samples
from monitor.alerts.template_filters import LONGEST
from monitor.alerts.templates import LARGEST, MOST_STEPS, Template, compile_template
from monitor.alerts.wording import Part, TemplateFailed, worded
from monitor.model.alerts import AlertKind, Form, Hold, Message, Rendered
from monitor.model.entries import Text
from tests.test_alerts_render import HOSTILE, alert, content, found, message
from tests.test_alerts_together import digest as rendered_digest
from tests.test_alerts_together import told

SAMPLES = dict(samples("desk"))
EVERYTHING = """\
{{ subject }}
{% for group in groups %}
rule {{ group.rule or 'none' }}
{% for alert in group.alerts %}
{{ loop.index }}. {{ alert.lead }}{{ alert.marked_title }}
{{ alert.outlet }}{% if alert.also_in %}, also in: {{ alert.also_in }}{% endif %}, {{ alert.time|at('Europe/Berlin') }}
{% for passage in alert.passages %}
> {{ passage|cut(80) }}
{% endfor %}
{{ alert.link }}
{% endfor %}
{% endfor %}
id: {{ id }}
"""


def sound(source: str, *, is_html: bool = False) -> Template:
    """A template without a slip."""
    made = compile_template(source, is_html=is_html)
    assert isinstance(made, Template), made
    return made


def said(source: str, one: Message | None = None, *, is_html: bool = False) -> str | TemplateFailed:
    """What a template makes of a message."""
    template, one = sound(source, is_html=is_html), one or SAMPLES["a first alert"]
    return template(fields(one, render(one, now=NOW), now="2026-03-29 05:00 UTC", show=template.show))


def slips(source: str) -> list[tuple[str, str]]:
    """What is wrong with a template, and the text at its place."""
    made = compile_template(source, is_html=False)
    assert isinstance(made, tuple), made
    return [(source[one.place :][:8], one.what) for one in made]


class TestWhatTheySay:
    def test_a_template_writes_fields_lists_and_loops(self) -> None:
        """Marks, contexts, local times: everything that the default has."""
        assert said(EVERYTHING) == (
            "Ferry strike ends as harbour talks succeed\n"
            "rule ferries\n"
            "1. Ferry strike ends as harbour talks succeed\n"
            "Harbour Post, also in: Island Radio, 2026-03-29 06:50 CEST\n"
            "> The *strike* that closed the northern harbour for nine days is over.\n"
            "https://harbour.example/news/0\n"
            f"id: {SAMPLES['a first alert'].public_id}"
        )

    @pytest.mark.parametrize("name", SAMPLES)
    @pytest.mark.parametrize("is_html", [False, True])
    def test_every_kind_of_message_has_the_promised_fields(self, name: str, *, is_html: bool) -> None:
        """None less, none more: a template that passes one kind passes all."""
        one = SAMPLES[name]
        made = fields(one, render(one, now=NOW), now="")
        assert set(made) == set(FIELDS["message"])
        assert isinstance(made["alerts"], list)
        assert isinstance(made["groups"], list)
        assert all(set(each) == set(FIELDS["alert"]) for each in made["alerts"])
        assert all(set(each) == set(FIELDS["group"]) for each in made["groups"])
        assert isinstance(said(EVERYTHING, one, is_html=is_html), str)

    def test_kinds_are_named(self) -> None:
        """A digest without news counts nothing."""
        kinds = {name: said("{{ kind }} {{ count }}", one) for name, one in SAMPLES.items()}
        assert kinds["a roll-up"] == "roll-up 12"
        assert kinds["a digest"] == "digest 4"
        assert kinds["a digest without news"] == "digest 0"
        assert kinds["an alarm"] == "alarm 1"

    def test_html_escapes_every_word_of_a_feed(self) -> None:
        """Matches are marked by an element, and nothing else is one."""
        text = Text(title='<b>strike</b> "quoted" & more')
        one = message(alert(content(text, found(text, "title", "strike"))))
        assert said('<p title="{{ title }}">{{ alerts[0].marked_title }}</p>', one, is_html=True) == (
            '<p title="&lt;b&gt;strike&lt;/b&gt; &#34;quoted&#34; &amp; more">'
            "&lt;b&gt;<mark>strike</mark>&lt;/b&gt; &#34;quoted&#34; &amp; more</p>"
        )
        cut = said("{{ alerts[0].marked_title|cut(200) }} {{ alerts[0].marked_title ~ title }}", one, is_html=True)
        assert isinstance(cut, str)
        assert "<b>" not in cut

    def test_a_link_that_nobody_should_press_is_none(self) -> None:
        """Only what begins with http."""
        for link in ("javascript:alert(1)", "data:text/html,x", " javascript:alert(1)"):
            one = message(alert(replace(content(), link=link)))
            assert said("[{{ alerts[0].link }}]", one, is_html=True) == "[]"
        assert said("[{{ alerts[0].link }}]", message(alert())) == "[https://harbour.example/ferry]"

    @pytest.mark.parametrize(
        ("source", "text"),
        [
            ("{{ 'Ada'|upper }}{{ 'Ada'|lower }}{{ 'ada'|capitalize }}", "ADAadaAda"),
            ("{{ ' a '|trim }}|{{ 'one two three'|cut(8) }}", "a|one two…"),
            ("{{ 'a\nb'|indent(2) }}x", "  a\n  bx"),
            ("{{ alerts[0].found|join(' / ') }}{{ alerts|length }}{{ alerts[0].found|first }}", "strike1strike"),
            ("{{ 'seen 2026-03-29 00:30 UTC'|at('Europe/Berlin', '%H:%M') }}", "seen 01:30"),
            ("{{ 'seen 2026-03-29 01:30 UTC'|at('Europe/Berlin') }}", "seen 2026-03-29 03:30 CEST"),
            ("{{ 'never'|at('Europe/Berlin') }}", "never"),
            ("{{ 1 + 2 - 1 }}{{ 'a' + 'b' ~ 3 }}", "2ab3"),
            ("{{ 'yes' if count == 1 and not is_repeat else 'no' }}", "yes"),
            ("{% set who = alerts[0].outlet %}{{ who }}", "Harbour Post"),
        ],
    )
    def test_filters_and_signs(self, source: str, text: str) -> None:
        """All that there are."""
        assert said(source) == text


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("source", "place", "what"),
        [
            ("a\n  {{ titel }}", "titel }}", "unknown field titel, did you mean title?"),
            (
                "{% for a in alerts %}{{ a.outlett }}{% endfor %}",
                "outlett ",
                "unknown field outlett, did you mean outlet?",
            ),
            ("{% if false %}{{ titel }}{% endif %}", "titel }}", "unknown field titel, did you mean title?"),
            ("{{ title|uper }}", "uper }}", "unknown filter uper, did you mean upper?"),
            ("{{ title is strange }}", "strange ", "unknown test strange"),
            ("{% fro a in b %}", "fro a in", "Encountered unknown tag 'fro'."),
            ("\n{% if title %}", None, "Unexpected end of template"),
            ("{{ title", None, "unexpected end of template"),
            ("{{ range(10) }}", "{{ range", "nothing can be called in a template"),
            ("{{ 'a' * 10 }}", "{{ 'a' *", "only + and - count in a template"),
            ("{{ title.__class__ }}", "__class_", "unknown field __class__"),
            ("{{ title.upper }}", "upper }}", "unknown field upper"),
            ("{{ title|safe }}", "safe }}", "unknown filter safe"),
            ("{{ title|attr('x') }}", "attr('x'", "unknown filter attr, did you mean at?"),
            ("{% include 'x' %}", "{% inclu", "a template stands for itself: include is not part of it"),
            ("{% macro m() %}{% endmacro %}", "{% macro", "macros are not part of templates here"),
            ("{% for a in alerts recursive %}{% endfor %}", "recursiv", "a loop cannot call itself"),
        ],
    )
    def test_it_is_said_at_its_place_before_anything_is_carried_out(
        self, source: str, place: str | None, what: str
    ) -> None:
        """Also in a branch that no sample takes."""
        ((where, why), *_) = slips(source)
        assert why.startswith(what[:12]) if place is None else (where.strip(), why) == (place.strip(), what)

    @pytest.mark.parametrize("source", ["{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "{{ " + "9" * 9000 + " }}"])
    def test_what_no_parser_bears_is_a_mistake_too(self, source: str) -> None:
        """And never a traceback."""
        assert slips(source)[0][1] == "nested too deeply, or a number too long"

    def test_a_template_has_an_end(self) -> None:
        """A file of megabytes is no template."""
        assert "at most" in slips("x" * (LARGEST + 1))[0][1]


class TestWhatTheyCannotReach:
    @pytest.mark.parametrize(
        "source",
        [
            "{{ title['__class__'] }}",
            "{{ alerts['append'] }}",
            "{{ alerts[0]['items'] }}",
            "{{ alerts[0]['__class__'] }}",
            "{{ groups }}",
            "{{ alerts[0] }}",
            "{{ is_repeat }}",
            "{% for sign in title %}{{ sign }}{% endfor %}",
            "{% for name in alerts[0] %}{{ name }}{% endfor %}",
            "{{ alerts[99].title }}",
            "{{ title + 1 }}",
            "{{ title - 1 }}",
            "{{ title|cut('x') }}",
            "{{ title|cut(groups) }}",
            "{{ title|indent(title) }}",
            "{{ title|join }}",
            "{{ alerts[0].found|join(groups) }}",
            "{{ title[0] }}",
            "{{ '9999-12-31 23:59 UTC'|at('Asia/Tokyo') }}",
            "{{ title|at(groups) }}",
            "{{ alerts[:'x'] }}",
            "{{ alerts[0:9:0] }}",
            "{{ alerts[0].title.outlet }}",
            "{{ title < 5 }}",
            "{{ title|at('Nowhere/Town') }}",
            "{{ title|at('../../etc/passwd') }}",
            "{{ title|at }}",
            "{{ -title }}",
            "{{ alerts > 1 }}",
            "{% for a in alerts %}{% endfor %}{{ loop.index }}",
        ],
    )
    def test_nothing_but_the_fields(self, source: str) -> None:
        """Whatever else is asked for is a failure of one line."""
        failed = said(source)
        assert isinstance(failed, TemplateFailed)
        assert failed.what
        assert "\n" not in failed.what
        assert "object at 0x" not in failed.what

    @pytest.mark.parametrize(
        "source",
        [
            "{% for a in alerts %}" * 6 + "x" + "{% endfor %}" * 6,
            "{% set t = text %}" + "{% set t = t ~ t %}" * 60 + "{{ t }}",
            "{% set t = text %}" + "{% set t = t + t %}" * 60 + "{{ t }}",
            "{% set t = [text, text] %}" + "{% set t = [t, t] %}" * 40 + "{{ t }}",
            "{% for a in alerts %}{% for b in alerts %}{{ text }}{{ text }}{% endfor %}{% endfor %}",
        ],
    )
    def test_no_template_takes_for_ever(self, source: str) -> None:
        """Loops in loops, texts that double: over in a moment, with what it was too much of."""
        many = rendered_digest(*(told(f"Match {number}" * 20) for number in range(200)))
        one = Message(
            id=SAMPLES["a digest"].id,
            public_id=many.public_id,
            channel="desk",
            alerts=tuple(item.alert for item in many.items),
            created_at=NOW,
            title="All",
            hold=Hold.DIGEST,
        )
        began = time.monotonic()
        failed = said(source, one)
        assert isinstance(failed, TemplateFailed)
        assert f"{MOST_STEPS:,}" in failed.what or f"{LONGEST:,}" in failed.what
        assert time.monotonic() - began < 10


class TestWording:
    def test_a_template_takes_the_place_of_text_and_subject(self) -> None:
        """What is not templated stays as it is."""
        wording = {Part.TEXT: sound("{{ title }}!\nid: {{ id }}"), Part.SUBJECT: sound("[tocsin]\n{{ subject }}")}
        shown, fault = worded(SAMPLES["an update"], wording, now=NOW)
        assert fault is None
        assert shown.text.startswith("Ferry strike ends as harbour talks succeed!\nid: ")
        assert shown.subject.startswith("[tocsin] update: injured: 3, now 30 — Ferry")
        assert (shown.pieces, shown.is_templated, shown.html) == ((), True, "")
        assert len(shown.items) == 1

    @pytest.mark.parametrize("source", ["{{ alerts[0].passages[7] }}", "{% if count > 5 %}x{% endif %}"])
    def test_one_that_fails_costs_its_words_and_never_the_alert(self, source: str) -> None:
        """The default goes out in full, and what failed is said."""
        one = SAMPLES["a first alert"]
        shown, fault = worded(one, {Part.SUBJECT: sound("mine"), Part.TEXT: sound(source)}, now=NOW)
        assert shown == render(one, now=NOW)
        assert fault is not None
        assert str(fault).startswith("template: ")

    def test_the_short_form_is_ours(self) -> None:
        """What a channel refused is sent in the form that it must take."""
        one = message(alert(), form=Form.SHORT)
        shown, fault = worded(one, {Part.TEXT: sound("x" * 500)}, now=NOW)
        assert (shown, fault) == (render(one, now=NOW), None)

    @settings(deadline=None)
    @given(st.sampled_from(range(len(HOSTILE))), st.sampled_from([AlertKind.FIRST, AlertKind.UPDATE]))
    def test_a_title_stays_one_line_in_any_template(self, which: int, kind: AlertKind) -> None:
        """No control character passes, and no title forges a line of the owner's."""
        one = message(alert(content(Text(title=HOSTILE[which])), kind=kind))
        wording = {Part.TEXT: sound("{{ title }}\nid: {{ id }}"), Part.SUBJECT: sound("{{ title }}")}
        shown, _ = worded(one, wording, now=NOW)
        assert isinstance(shown, Rendered)
        assert shown.text.count("\n") == 1
        assert "\n" not in shown.subject
        for character in shown.subject + shown.text:
            assert character == "\n" or (character >= " " and not "\x7f" <= character <= "\x9f")
            assert character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029\ud800"

    @settings(deadline=None)
    @given(st.text(alphabet="{}%- |.\n'()[]+~*abtile0123for in alerts if set", max_size=60))
    def test_whatever_is_written_there_nothing_escapes(self, source: str) -> None:
        """Slips, or a template that ends in words or in a failure: no exception at all."""
        made = compile_template(source, is_html=False)
        if isinstance(made, Template):
            shown, _ = worded(SAMPLES["a digest"], {Part.TEXT: made}, now=NOW)
            assert shown.text
        else:
            assert all(0 <= slip.place <= len(source) for slip in made)
