"""Local times become moments: one digest a local date, and quiet that ends, whatever is done to the clocks."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.calendar import Slot, last_slot, next_slot, quiet_until
from monitor.model.holding import DailyDigest, Digest, PeriodicDigest, QuietHours

PATIENT = settings(deadline=None)  # a busy machine is no mistake
DAY = timedelta(days=1)
WEEKDAYS = frozenset(range(5))
ZONES = (
    "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Caracas",
    "America/Santiago", "Africa/Casablanca", "Africa/Cairo", "Asia/Tehran", "Asia/Kathmandu", "Asia/Pyongyang",
    "Asia/Gaza", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Fakaofo", "Pacific/Chatham",
    "Pacific/Kiritimati", "Antarctica/Troll", "Europe/Volgograd", "UTC",
)  # fmt: skip

zones = st.sampled_from(ZONES)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45, 59]))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - the zone follows
weekdays = st.frozensets(st.integers(0, 6), min_size=1)
dailies = st.builds(DailyDigest, at=clocks, zone=zones, days=weekdays)
periodics = st.builds(PeriodicDigest, every=st.sampled_from([timedelta(minutes=n) for n in (1, 7, 30, 45, 60, 1440)]))
digests = dailies | periodics
quiets = st.lists(st.builds(QuietHours, begin=clocks, end=clocks, zone=zones, days=weekdays), max_size=3)


def slots(digest: Digest, since: datetime, until: datetime) -> list[Slot]:
    """All of them after `since`, not after `until`."""
    found, at = [], since
    while (slot := next_slot(digest, at)).at <= until:
        found.append(slot)
        at = slot.at
    return found


def local(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("zone", "clock", "day", "expected"),
    [
        ("Europe/Berlin", time(2, 30), date(2026, 3, 29), "2026-03-29 01:00 UTC"),  # left out: 02:00 becomes 03:00
        ("Europe/Berlin", time(2, 30), date(2026, 10, 25), "2026-10-25 00:30 UTC"),  # doubled: summer's
        ("Europe/Berlin", time(3, 0), date(2026, 3, 29), "2026-03-29 01:00 UTC"),
        ("America/New_York", time(2, 30), date(2026, 3, 8), "2026-03-08 07:00 UTC"),
        ("America/New_York", time(1, 30), date(2026, 11, 1), "2026-11-01 05:30 UTC"),
        ("Australia/Lord_Howe", time(2, 15), date(2026, 10, 4), "2026-10-03 15:30 UTC"),  # half an hour is left out
        ("Australia/Lord_Howe", time(2, 30), date(2026, 10, 4), "2026-10-03 15:30 UTC"),
        ("Australia/Lord_Howe", time(1, 45), date(2026, 4, 5), "2026-04-04 14:45 UTC"),
    ],
)
def test_a_time_that_the_clock_leaves_out_or_doubles_counts_once(
    zone: str, clock: time, day: date, expected: str
) -> None:
    """The first moment after a gap, the first of two."""
    digest = DailyDigest(at=clock, zone=zone)
    noon = datetime.combine(day, time(12), tzinfo=ZoneInfo(zone))
    found = slots(digest, noon - DAY, noon)
    assert [f"{slot.at:%Y-%m-%d %H:%M} UTC" for slot in found] == [expected]
    assert found == [last_slot(digest, noon)]
    assert (found[0].day, found[0].clock, found[0].zone) == (day, clock, zone)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("clock", [time(0), time(1, 45), time(2), time(2, 15), time(2, 30), time(3), time(7)])
def test_a_year_has_a_digest_for_each_of_its_dates(zone: str, clock: time) -> None:
    """Over both changes of clocks, in the order of dates."""
    begin, end = (datetime(year, 1, 1, tzinfo=ZoneInfo(zone)) for year in (2026, 2027))
    found = slots(DailyDigest(at=clock, zone=zone), begin - timedelta(seconds=1), end - timedelta(seconds=1))
    assert [slot.day for slot in found] == [date(2026, 1, 1) + n * DAY for n in range(365)]


def test_a_date_that_a_zone_leaves_out_has_none() -> None:
    """Samoa went from 29 to 31 December 2011 over night; a digest for Fridays waits for the next one."""
    around = datetime(2011, 12, 28, 22, tzinfo=UTC), datetime(2012, 1, 2, tzinfo=UTC)
    found = slots(DailyDigest(at=time(7), zone="Pacific/Apia"), *around)
    assert [f"{slot.day:%d}" for slot in found] == ["29", "31", "01", "02"]
    assert [local(slot.at, "Pacific/Apia")[-5:] for slot in found] == ["07:00"] * 4
    fridays = DailyDigest(at=time(7), zone="Pacific/Apia", days=frozenset({4}))
    assert next_slot(fridays, around[0]).day == date(2012, 1, 6)
    assert last_slot(fridays, around[1]).day == date(2011, 12, 23)


@PATIENT
@given(dailies, moments)
def test_every_local_date_has_its_digest_once(digest: DailyDigest, start: datetime) -> None:
    """On its weekdays, where the date exists; not before its time."""
    zone = ZoneInfo(digest.zone)
    found = slots(digest, start, start + 20 * DAY)
    days = [slot.day for slot in found]
    assert days == sorted(set(days))
    at = start + timedelta(hours=30)
    lived = set()
    while at < start + 18 * DAY:
        lived.add(at.astimezone(zone).date())
        at += timedelta(hours=6)
    assert {day for day in lived if day.weekday() in digest.days} <= set(days)
    for slot in found:
        shown = slot.at.astimezone(zone)
        gap = shown.utcoffset() != (slot.at - timedelta(seconds=1)).astimezone(zone).utcoffset()
        assert (shown.date(), shown.time()) == (slot.day, slot.clock) or (gap and shown.date() >= slot.day)


@PATIENT
@given(digests, moments, st.timedeltas(timedelta(0), 40 * DAY))
def test_slots_follow_one_another(digest: Digest, one: datetime, later: timedelta) -> None:
    """The last is not after now, the next is, nothing lies between, and time never turns them back."""
    last, following = last_slot(digest, one), next_slot(digest, one)
    assert last.at <= one < following.at
    assert next_slot(digest, last.at) == following
    assert last_slot(digest, following.at) == following
    assert last_slot(digest, one + later).at >= last.at
    assert next_slot(digest, one + later).at >= following.at


def test_a_digest_of_every_half_hour_is_due_at_half_hours() -> None:
    """Whenever the first alert came."""
    slot = next_slot(PeriodicDigest(every=timedelta(minutes=30)), datetime(2026, 3, 29, 6, 47, tzinfo=UTC))
    assert (slot.at, slot.clock, slot.zone) == (datetime(2026, 3, 29, 7, tzinfo=UTC), time(7), "UTC")


def test_a_digest_without_a_day_cannot_be() -> None:
    """It would keep alerts for ever."""
    with pytest.raises(ValueError, match="needs a day"):
        DailyDigest(at=time(7), zone="UTC", days=frozenset())


def quiet_at(moment: str, *hours: QuietHours) -> str:
    """When quiet ends, as the clock of the first hours shows it; empty where it is not quiet."""
    zone = hours[0].zone
    end = quiet_until(hours, datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)))
    return local(end, zone) if end else ""


NIGHT = QuietHours(begin=time(22), end=time(7), zone="Europe/Berlin")


def test_a_night_is_quiet_from_its_evening_to_its_morning() -> None:
    """The end is outside."""
    assert quiet_at("2026-05-04 21:59", NIGHT) == ""
    assert quiet_at("2026-05-04 22:00", NIGHT) == "2026-05-05 07:00"
    assert quiet_at("2026-05-05 03:00", NIGHT) == "2026-05-05 07:00"
    assert quiet_at("2026-05-05 06:59", NIGHT) == "2026-05-05 07:00"
    assert quiet_at("2026-05-05 07:00", NIGHT) == ""


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    """The night from Friday to Saturday is one of mon-fri; that from Sunday to Monday is none."""
    worked = QuietHours(begin=time(22), end=time(7), zone="Europe/Berlin", days=WEEKDAYS)
    assert quiet_at("2026-05-09 03:00", worked) == "2026-05-09 07:00"
    assert quiet_at("2026-05-11 03:00", worked) == ""


def test_quiet_hours_that_adjoin_are_one() -> None:
    """Nobody is woken between a Friday night and a weekend."""
    weekend = QuietHours(begin=time(0), end=time(0), zone="Europe/Berlin", days=frozenset({5, 6}))
    assert quiet_at("2026-05-08 23:00", NIGHT, weekend) == "2026-05-11 07:00"
    assert quiet_at("2026-05-09 12:00", weekend) == "2026-05-11 00:00"


def test_quiet_hours_last_through_a_change_of_clocks() -> None:
    """They end by the clock, not after nine hours."""
    assert quiet_at("2026-03-28 23:00", NIGHT) == "2026-03-29 07:00"
    assert quiet_at("2026-10-25 00:30", NIGHT) == "2026-10-25 07:00"
    spring = datetime(2026, 3, 28, 21, tzinfo=UTC)
    assert quiet_until([NIGHT], spring) == datetime(2026, 3, 29, 5, tzinfo=UTC)


@PATIENT
@given(quiets, moments)
def test_quiet_ends_outside_of_quiet_and_not_before_now(quiet: list[QuietHours], now: datetime) -> None:
    """None where it is not quiet; hours that never end, which configurations cannot have, end some day."""
    end = quiet_until(quiet, now)
    if end is not None:
        assert end > now
        assert end - now > 8 * DAY or quiet_until(quiet, end) is None
    alone = [quiet_until([hours], now) for hours in quiet]
    assert (end is None) == (alone == [None] * len(quiet))
    assert all(each <= end for each in alone if each and end)


@PATIENT
@given(quiets, moments, st.timedeltas(timedelta(0), 3 * DAY))
def test_who_comes_later_is_let_out_no_earlier(quiet: list[QuietHours], now: datetime, later: timedelta) -> None:
    """Order is kept through quiet hours."""
    first, second = (quiet_until(quiet, at) or at for at in (now, now + later))
    assert first <= second
