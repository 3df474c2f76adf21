"""`channels.apprise_work`, the worker's side: services that live elsewhere, with their HTTP answered here."""

import logging
import os
from collections.abc import Iterator, Mapping

import pytest
import requests

from monitor.channels.apprise_work import send
from monitor.model.alerts import Form, Rendered
from tests.apprise_post import Post, answering
from tests.test_channels_mail import rendered

DISCORD = "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#desk"
SLACK_HOOK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TELEGRAM = "tgram://123456789:abcdefg_hijklmnop/12315544/"
NTFY = "ntfy://ntfy.example/desk"
ROCKET = "rocket://user:password@chat.example/#desk"
TEXTS = {
    "discord": DISCORD,
    "slack": SLACK,
    "slack hook": SLACK_HOOK,
    "telegram": TELEGRAM,
    "ntfy": NTFY,
    "rocket": ROCKET,
    "mattermost": "mmost://chat.example/3ccdd113474722377935511fc85d3dd4",
    "google chat": "gchat://workspace/key/token",
    "gotify": "gotify://push.example/token",
    "pushover": "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "twilio": f"twilio://AC{'a' * 32}:{'b' * 32}@15551234567/15551234568",
    "matrix hook": "matrix://chat.example/secrettoken?mode=matrix",
    "zulip": f"zulip://bot@chat/{'a' * 32}/desk",
    "webex": f"wxteams://{'a' * 80}",
    "teams": f"workflow://prod.example:443/{'a' * 32}/{'b' * 43}/",
    "signal": "signal://127.0.0.1:9/15551234567/15557654321",
}
HOSTILE = (
    "Strike @everyone @here @Channel <!channel> <@U123> <b>bold</b> <at>desk</at> "
    "[x](javascript:alert(1)) [bank](https://bad.example) <https://bad.example|bank>"
)
CALLS = ("@everyone", "@here", "@Channel", "<!channel", "<@U", "&lt;!channel", "<b>", "<at>", "](", "\\]\\(", "<https")


@pytest.fixture
def post() -> Iterator[Post]:
    """Where everything goes."""
    with answering(Post()) as made:
        yield made


def told(url: str, one: Rendered | None = None, **more: object) -> Mapping[str, object]:
    """Have the worker's function send a message."""
    message = one or rendered()
    return send(b"", {"url": url, "subject": message.subject, "text": message.text, "rest": "", "network": {}, **more})


@pytest.mark.parametrize("service", TEXTS)
def test_no_headline_calls_anybody_or_opens_markup(post: Post, service: str) -> None:
    """In the very bytes that the service would get, whatever its escapes."""
    if service.startswith("slack"):
        post.body = b"ok"  # without which it has taken nothing
    outcome = told(TEXTS[service], rendered(HOSTILE))
    assert outcome["fate"] == "sent"
    assert post.taken
    sent = _unescaped(post.bodies)
    assert "everyone" in sent
    for call in CALLS:
        assert call not in sent, call


@pytest.mark.parametrize("service", TEXTS)
@pytest.mark.parametrize("form", Form)
def test_ten_thousand_characters_fit_into_one_message(post: Post, service: str, form: Form) -> None:
    """Nothing is refused for its length for ever, and nothing is cut in two; the id is there."""
    if service.startswith("slack"):
        post.body = b"ok"
    one = rendered("strike & <b>" * 900, summary="dock " * 4_000, form=form)
    assert told(TEXTS[service], one)["fate"] == "sent"
    carrying = [body for body in post.bodies if "strike" in body]
    assert len(carrying) == 1
    assert str(one.public_id) in carrying[0]
    assert "https" in carrying[0] or service == "twilio"


@pytest.mark.parametrize("service", ["rocket", "webex", "google chat", "telegram", "discord"])
def test_links_lead_where_they_led(post: Post, service: str) -> None:
    """Markdown made of plain text would put backslashes into them."""
    told(TEXTS[service], rendered("Strike", link="https://a.example/x_y-z/a.b?c=1"))
    assert "https://a.example/x_y-z/a.b?c=1" in _unescaped(post.bodies)


@pytest.mark.parametrize("scheme", ["json", "form", "xml"])
def test_programs_get_the_words_as_they_came(post: Post, scheme: str) -> None:
    """As a webhook does: what to make of them is theirs to decide."""
    told(f"{scheme}://desk.example/", rendered("Strike @everyone"))
    assert "@everyone" in _unescaped(post.bodies) or "%40everyone" in post.bodies[0]


def test_a_message_of_which_nothing_is_left_is_told_so() -> None:
    """Apprise would call it a failure for ever, without a word; it is never handed to it."""
    with answering(Post()) as post:
        asked = {"url": TELEGRAM, "subject": "", "text": " \n ", "rest": "", "network": None}
        assert send(b"", asked) == told_empty("Telegram")
        assert post.taken == []


def told_empty(service: str) -> Mapping[str, object]:
    """What is answered for nothing."""
    nothing = {"status": None, "retry_after": "", "fault": "", "about_chat": False}
    return {"fate": "empty", "service": service, **nothing}


def test_a_wrong_chat_is_told_from_a_bad_message() -> None:
    """Both are a 400 of Telegram's."""
    body = b'{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}'
    with answering(Post(status=400, body=body)):
        wrong = told(TELEGRAM)
    with answering(Post(status=400, body=b'{"ok":false,"description":"Bad Request: message is too long"}')):
        bad = told(TELEGRAM)
    assert (wrong["fate"], wrong["status"], wrong["about_chat"]) == ("failed", 400, True)
    assert (bad["fate"], bad["status"], bad["about_chat"]) == ("failed", 400, False)


def test_what_is_asked_by_a_limit_comes_back() -> None:
    """So that the next try is not before its time."""
    with answering(Post(status=429, headers={"Retry-After": "77"})):
        outcome = told(DISCORD)
    assert (outcome["fate"], outcome["status"], outcome["retry_after"]) == ("failed", 429, "77")


def test_a_connection_that_fails_has_a_name(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no status of an earlier request."""

    def refuse(_post: Post, _request: requests.PreparedRequest) -> requests.Response:
        raise requests.ConnectionError

    monkeypatch.setattr(Post, "take", refuse)
    outcome = told(DISCORD)
    assert (outcome["fate"], outcome["status"], outcome["fault"]) == ("failed", None, "ConnectionError")
    assert post.taken == []


def test_addresses_are_looked_at_without_sending(post: Post) -> None:
    """Usable, several targets, or none of Apprise's."""
    assert told(DISCORD, only_look=True) == {"fate": "usable", "service": "Discord"}
    assert told(f"{SLACK}/#night", only_look=True) == {"fate": "several", "service": "Slack", "targets": 2}
    assert told("nosuch://x", only_look=True) == {"fate": "unreadable", "service": ""}
    assert post.taken == []


def test_apprise_says_nothing_to_any_log(post: Post, caplog: pytest.LogCaptureFixture) -> None:
    """It would tell addresses, tokens and bodies at DEBUG, and passwords below."""
    logging.getLogger("apprise").setLevel(1)
    with caplog.at_level(1):
        told("json://user:c4nary@desk.example/c4nary")
        told("nosuch://c4nary")
    assert "c4nary" not in caplog.text
    assert post.taken


def test_passwords_of_other_programs_stay_where_they_are(post: Post) -> None:
    """Requests would look for the host in ~/.netrc; proxies and certificates come with the request."""
    message = rendered()
    network = {"HTTPS_PROXY": "http://127.0.0.1:9"}
    before = dict(os.environ)
    try:
        asked = {"url": DISCORD, "subject": "x", "text": message.text, "rest": "", "network": network}
        assert send(b"", asked)["fate"] == "sent"
        assert os.environ["NETRC"] == os.devnull
        assert os.environ["HTTPS_PROXY"] == "http://127.0.0.1:9"
    finally:
        os.environ.clear()
        os.environ.update(before)
    assert post.taken


def _unescaped(bodies: list[str]) -> str:
    """JSON's escapes of what is not ASCII undone: what counts is what a client will show."""
    joined = "\n".join(bodies)
    return joined.replace("\\u200b", "\u200b").replace("%E2%80%8B", "\u200b").replace("\\\\", "\\")
