"""How feeds are asked, as the configuration says it: headers, logins, names and proxies, and secrets among them."""

import logging
from pathlib import Path

import pytest

from monitor.app.examine import examined
from monitor.cli.application import run_command
from monitor.config.load import Loaded, load
from monitor.model.settings import Access, Proxy
from monitor.system.redaction import redactor
from tests.cli_logs import restored_logs
from tests.cli_town import town
from tests.loopback_proxy import proxying

CANARY = "canary-7f3a"


def loaded(folder: Path, outlets: str, polling: str = "{}") -> Loaded:
    (folder / "tocsin.yaml").write_text(
        f"polling: {polling}\noutlets:\n{outlets}rules: [{{name: r, query: x}}]\n", encoding="utf-8"
    )
    return load(folder, {"KEY": CANARY, "ODD": "p@ss/w:rd%41"})


def said(found: Loaded) -> list[str]:
    return [f"{one.mark.line}:{one.mark.column}: {one.path}: {one.what}" for one in found.mistakes]


def accesses(found: Loaded) -> list[Access]:
    assert found.mistakes == ()
    assert found.settings is not None
    return [feed.access for outlet in found.settings.outlets for feed in outlet.feeds]


def test_a_feed_is_asked_as_it_says_else_as_its_outlet_says(tmp_path: Path) -> None:
    """Header by header; a login is one thing."""
    found = loaded(
        tmp_path,
        """\
  - name: A
    headers: {X-Api-Key: "${KEY}", X-Region: north}
    username: desk
    password: "${KEY}"
    user_agent: Reader/1.0
    proxy: http://proxy.example:3128
    feeds:
      - {url: "https://a.example/1"}
      - {url: "https://a.example/2", headers: {x-region: south}, username: other, user_agent: Own/2, proxy: none}
      - {url: "https://a.example/3", headers: {Authorization: "Bearer ${KEY}"}}
""",
    )
    first, second, third = accesses(found)
    assert first == Access(
        headers=(("X-Api-Key", CANARY), ("X-Region", "north")),
        authorization="Basic ZGVzazpjYW5hcnktN2YzYQ==",
        user_agent="Reader/1.0",
        proxy=Proxy(address="http://proxy.example:3128"),
    )
    assert second == Access(
        headers=(("X-Api-Key", CANARY), ("x-region", "south")),
        authorization="Basic b3RoZXI6",
        user_agent="Own/2",
        proxy=Proxy(address=""),
    )
    assert third.authorization == ""
    assert third.headers[2] == ("Authorization", f"Bearer {CANARY}")


def test_a_feeds_login_takes_the_place_of_its_outlets_header(tmp_path: Path) -> None:
    """Two logins in one request would be one too many."""
    (access,) = accesses(
        loaded(
            tmp_path,
            "  - {name: A, headers: {Authorization: Bearer x}, feeds: [{url: 'https://a.example/', username: me}]}\n",
        )
    )
    assert access == Access(authorization="Basic bWU6")


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("http://proxy.example", Proxy(address="http://proxy.example")),
        ("http://10.0.0.1:3128/", Proxy(address="http://10.0.0.1:3128")),
        ("http://[fd00::1]:3128", Proxy(address="http://[fd00::1]:3128")),
        ("http://me:ge%20heim@proxy:1", Proxy(address="http://proxy:1", authorization="Basic bWU6Z2UgaGVpbQ==")),
        ("http://me:${ODD}@proxy:1", Proxy(address="http://proxy:1", authorization="Basic bWU6cEBzcy93OnJkQQ==")),
    ],
)
def test_a_proxy_is_an_address_with_or_without_a_login(tmp_path: Path, text: str, proxy: Proxy) -> None:
    """A password that came from outside may hold any character."""
    found = loaded(tmp_path, "  - {name: A, feeds: [{url: 'https://a.example/'}]}\n", f'{{proxy: "{text}"}}')
    assert found.mistakes == ()
    assert found.settings is not None
    assert found.settings.polling.proxy == proxy


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ("proxy: socks5h://p:1", "proxy: SOCKS proxies are not supported: an HTTP proxy is"),
        ("proxy: https://p:1", "proxy: a proxy is asked over plain http://"),
        ("proxy: proxy:3128", "proxy: expected a proxy such as"),
        ("proxy: http://p:99999", "proxy: expected a proxy such as"),
        ("proxy: http://p/path", "proxy: expected a proxy such as"),
        ("headers: {Host: x}", "headers.Host: this header is tocsin's own to set"),
        ("headers: {content-length: '1'}", "headers.content-length: this header is tocsin's own to set"),
        ("headers: {If-None-Match: x}", "headers.If-None-Match: this header is tocsin's own to set"),
        ("headers: {Accept-Encoding: br}", "headers.Accept-Encoding: this header is tocsin's own to set"),
        ("headers: {Connection: close}", "headers.Connection: this header is tocsin's own to set"),
        ("headers: {User-Agent: x}", "headers.User-Agent: write user_agent: instead"),
        ("headers: {Proxy-Authorization: x}", "headers.Proxy-Authorization: write the proxy's login into its address"),
        ("headers: {'X Y': x}", "headers.X Y: expected the name of a header, such as X-Api-Key"),
        ("headers: {X: a, x: b}", "headers.x: the same header again, in other capitals"),
        ('headers: {X: "a\\r\\nHost: b"}', "headers.X: expected one line of plain ASCII"),
        ("headers: {X: 5}", "headers.X: expected a text: put it in quotes"),
        (f"headers: {{{', '.join(f'X{place}: y' for place in range(21))}}}", "headers: expected at most 20 headers"),
        ("user_agent: 'a ü'", "user_agent: expected one line of plain ASCII"),
        ("username: 'a:b'", "username: expected a user name, which has no : in it"),
        ("password: x", "password: a password without its username: beside it"),
        ("username: a, headers: {Authorization: b}", "username: there is an Authorization header too"),
    ],
)
def test_what_may_not_be_sent_is_refused_at_its_place(tmp_path: Path, more: str, what: str) -> None:
    """In an outlet as in a feed; the value is not repeated."""
    (mistake,) = said(loaded(tmp_path, f"  - {{name: A, {more}, feeds: [{{url: 'https://a.example/'}}]}}\n"))
    assert mistake.split(": ", 1)[1].startswith(f"outlets.1.{what}")
    (mistake,) = said(loaded(tmp_path, f"  - {{name: A, feeds: [{{url: 'https://a.example/', {more}}}]}}\n"))
    assert mistake.split(": ", 1)[1].startswith(f"outlets.1.feeds.1.{what}")


def test_a_login_in_an_address_is_led_to_its_keys(tmp_path: Path) -> None:
    """An address is stored and shown."""
    (mistake,) = said(loaded(tmp_path, f"  - {{name: A, feeds: [{{url: 'https://me:{CANARY}@a.example/'}}]}}\n"))
    assert mistake.endswith("is not supported: write username: and password: beside it")
    assert CANARY not in mistake


def test_one_feed_cannot_be_asked_in_two_ways(tmp_path: Path) -> None:
    """It is asked once for all its outlets; the second is the mistake, and names the first."""
    found = loaded(
        tmp_path,
        """\
  - {name: A, headers: {X-Key: "${KEY}"}, feeds: [{url: "https://a.example/"}]}
  - {name: B, feeds: [{url: "https://a.example/", headers: {x-key: "${KEY}"}}]}
  - {name: C, feeds: [{url: "https://a.example/", headers: {X-Key: other}}]}
  - {name: D, feeds: [{url: "https://a.example/"}]}
""",
    )
    where = f"headers, login, user_agent and proxy must be as at {tmp_path}/tocsin.yaml:3:57"
    assert said(found) == [
        f"5:51: outlets.3.feeds.1.headers: a feed is asked once for all its outlets: {where}",
        f"6:29: outlets.4.feeds.1.url: a feed is asked once for all its outlets: {where}",
    ]


def test_logins_are_secrets_whether_or_not_they_were_substituted(tmp_path: Path) -> None:
    """And what is sent of them."""
    found = loaded(
        tmp_path,
        "  - {name: A, username: me, password: geheim, feeds: [{url: 'https://a.example/'}]}\n",
        '{proxy: "http://desk:${KEY}@proxy:1"}',
    )
    assert found.settings is not None
    redact = redactor(found.settings.secrets)
    assert redact(f"me:geheim bWU6Z2VoZWlt desk:{CANARY} ZGVzazpjYW5hcnktN2YzYQ==") == "me:*** *** desk:*** ***"
    assert "geheim" not in repr(found.settings)
    assert CANARY not in repr(found.settings)


def test_a_poll_leaves_no_secret_in_logs_database_or_answers(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With everything at DEBUG, for a feed that is fetched and one that fails, each behind a proxy with a login."""
    secrets = {"KEY": CANARY, "PW": "pw-canary-91c2", "PROXY_PW": "proxy-canary-55d0", "NAME": "name-canary-0b1d"}
    for name, value in secrets.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONASYNCIODEBUG", "1")
    caplog.set_level(logging.DEBUG)
    with restored_logs(), town(tmp_path) as here, proxying() as proxy:
        proxy.names["gazette.example"] = int(here.address.rpartition(":")[2])
        here.configure(
            f"""\
polling: {{proxy: "http://desk:${{PROXY_PW}}@127.0.0.1:{proxy.port}"}}
outlets:
  - name: Gazette
    headers: {{X-Api-Key: "${{KEY}}"}}
    username: me
    password: "${{PW}}"
    user_agent: "Reader (${{NAME}})"
    feeds: [{{url: "http://gazette.example/gazette"}}, {{url: "http://gazette.example/none"}}]
rules: [{{name: truce, query: truce}}]
"""
        )
        assert here.once() == 0
        for command in (["outlets", "list", "--json"], ["status", "--json"], ["rules", "list"]):
            assert run_command([*command, *here.places]) == 0
        plan = examined(here.config, secrets)
        sent = "\n".join(proxy.heads)
        stored = b"".join(path.read_bytes() for path in here.state.rglob("*") if path.is_file())
    heard = capsys.readouterr()
    shown = [heard.out, heard.err, caplog.text, repr(plan), *map(repr, caplog.records), stored.decode("latin-1")]
    hidden = [*secrets.values(), *plan.settings.secrets]
    assert [secret for secret in hidden for text in shown if secret in text] == []
    assert [secret for secret in secrets.values() if secret not in plan.settings.secrets] == []
    assert CANARY in sent  # they were really sent
    assert "name-canary-0b1d" in sent
    assert "bWU6cHctY2FuYXJ5LTkxYzI=" in sent
    assert "404" in heard.out  # and what failed was really told
