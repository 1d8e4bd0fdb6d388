"""Negative tests 60 and 61: an address, a session and a socket each have their measure; what is beyond it harms nobody
else."""

from __future__ import annotations

import threading
import time

import pytest

from phbportal.edge.house import connected
from phbportal.sign_in.limits import LONGEST_MESSAGE, MOST_KEYS, AtOnce, Messages, PerMinute, measure_of
from tests.support.portal import Portal
from tests.support.sockets import Closed, Page, Refused
from tests.support.trial import NAME as TRIAL

pytestmark = pytest.mark.usefixtures("tidy")


def connections(portal: Portal, how_many: int, **how: str | None) -> list[int]:
    """The status of each of so many handshakes; 101 for those that were accepted."""
    statuses = []
    for number in range(how_many):
        try:
            Page(portal.server.port, token=f"a-token-numbered-{number}", connect=False, **how)
            statuses.append(101)
        except Refused as refused:
            statuses.append(refused.status)
    return statuses


def test_n60_of_two_hundred_anonymous_handshakes_in_a_minute_the_last_eighty_are_refused(portal: Portal) -> None:
    portal.page_of("cm")
    with portal.limited("handshakes", PerMinute(120)), portal.refused("gate.too_many", times=80) as events:
        assert connections(portal, 200) == [101] * 120 + [429] * 80
        cookie = portal.page_cookie("cm")
        # a whole board sits behind one address
        assert connections(portal, 5, cookie=cookie) == [101] * 5
    assert len(events) <= 4  # counted, in one minute or across two


def test_n60_a_cookie_that_is_nobodys_does_not_count_as_signed_in(portal: Portal) -> None:
    with portal.limited("handshakes", PerMinute(2)), portal.refused("gate.too_many"):
        assert connections(portal, 3, cookie="__Host-phb=" + "x" * 43) == [101, 101, 429]


def test_n60_an_address_holds_so_many_anonymous_sockets_at_once(portal: Portal) -> None:
    with portal.limited("anonymous_sockets", AtOnce(3)), portal.refused("gate.too_many", times=2):
        assert connections(portal, 5) == [101, 101, 101, 429, 429]


def test_n60_a_session_holds_so_many_sockets_at_once_and_gets_them_back(portal: Portal) -> None:
    cookie = portal.signed_in("cm").cookie_header
    limit = AtOnce(2)
    with portal.limited("session_sockets", limit):
        pages = [Page(portal.server.port, token=f"a-token-numbered-{n}", cookie=cookie) for n in range(2)]
        with portal.refused("gate.too_many"):
            assert connections(portal, 1, cookie=cookie) == [429]
        pages[0].close()
        portal.until(lambda: sum(limit._held.values()) == 1)
        assert connections(portal, 1, cookie=cookie) == [101]


def test_n61_a_message_of_more_than_a_megabyte_closes_only_its_own_socket(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    loud, quiet = browser.page(token="the-loud-one"), browser.page(token="the-quiet-one")
    with portal.refused("gate.too_big", kind="socket"):
        loud.emit("event", {"name": f"{TRIAL}.show", "payload": {"text": "x" * 1_200_000}})
        assert loud.wait_for_the_end().disconnected
    assert quiet.event(f"{TRIAL}.poll").var("trial", "shown") == "polled"


def test_n61_a_binary_message_closes_only_its_own_socket(portal: Portal) -> None:
    """The pages send none; socket.io would gather up to ten thousand million attachments of a packet."""
    loud, quiet = portal.anonymous_page("the-loud-one"), portal.anonymous_page("the-quiet-one")
    with portal.refused("gate.binary", kind="socket"):
        loud.socket.send('459999999999-/_event,["event",{"_placeholder":true,"num":0}]')
        loud.socket.send_bytes(b"x" * 1_000)
        assert loud.wait_for_the_end().disconnected
    assert quiet.event(f"{TRIAL}.say", text="hello").var("trial", "said") == "hello"


def test_n61_a_thousand_events_a_second_close_only_their_own_socket(portal: Portal) -> None:
    portal.hall.messages_per_second, before = 50, portal.hall.messages_per_second
    try:
        browser = portal.signed_in("cm")
        loud, quiet = browser.page(token="the-loud-one"), browser.page(token="the-quiet-one")
        with portal.refused("gate.flood", kind="socket"):
            try:
                for number in range(1_000):
                    loud.emit("event", {"name": f"{TRIAL}.say", "payload": {"text": str(number)}, "router_data": {}})
            except ConnectionError:
                pass
            assert loud.wait_for_the_end().disconnected
        assert quiet.event(f"{TRIAL}.poll").var("trial", "shown") == "polled"
    finally:
        portal.hall.messages_per_second = before


def test_n61_junk_in_place_of_packets_harms_nobody(portal: Portal) -> None:
    junk = [
        "", "9", "x", "4", "45", "49", "42", "42/_event,", "42/_event,[", "42/_event,{}", "42/_event,[]",
        "4" + "0" * 400, "42/_event," + "[" * 20_000, "43/_event,1[]", "44/_event,{}", "41/other,", "42/_event,5", "5",
        "6", "2probe", '42/_event,99999999999999999999["event",{}]', "\0", "é" * 100,
        '42/_event,["event",{"name":' + "1" * 5_000 + "}]",
    ]  # fmt: skip
    quiet = portal.anonymous_page("the-quiet-one")
    for text in junk:
        page = portal.anonymous_page("the-odd-one-out")
        page.socket.send(text)
        try:
            page.emit("ping")
            page.socket.next_text(1)
        except (Closed, ConnectionError, TimeoutError):
            pass
        page.close()
    assert quiet.event(f"{TRIAL}.say", text="still here").var("trial", "said") == "still here"


def test_a_minute_slides_and_each_key_has_its_own() -> None:
    limit = PerMinute(2)
    moments = {0: True, 1: True, 2: False, 59.9: False, 60.1: True, 60.2: False, 61.1: True}
    assert {at: limit.allows("a", at) for at in moments} == moments
    assert limit.allows("b", 2)


def test_keys_that_fell_silent_are_forgotten() -> None:
    limit = PerMinute(2)
    for number in range(10_002):
        limit.allows(str(number), 0)
    assert limit.allows("late", 100)
    assert len(limit._seen) == 1


def test_a_flood_of_keys_is_not_looked_through_at_every_call() -> None:
    limit = PerMinute(1)
    for n in range(MOST_KEYS + 1):
        limit.allows(str(n), 100.0)
    began = time.perf_counter()
    for n in range(1_000):
        assert limit.allows(f"and {n}", 101.0)
    assert time.perf_counter() - began < 1
    assert not limit.allows("7", 102.0)


@pytest.mark.parametrize(
    ("address", "other", "same"),
    [
        ("203.0.113.9", "203.0.113.10", False), ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False), ("2001:db8::1", "2001:0DB8:0:0:1::", True),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False), ("", "x", False), ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)  # fmt: skip
def test_n60_an_address_of_ipv6_is_measured_with_its_whole_network(address: str, other: str, same: bool) -> None:
    """One caller has 2^64 of them."""
    assert (measure_of(address) == measure_of(other)) is same


def test_so_many_at_once_is_counted_rightly_by_many_threads() -> None:
    limit, most, lock = AtOnce(5), [0], threading.Lock()

    def hold() -> None:
        for _ in range(200):
            with limit.one("a") as within:
                with lock:
                    most[0] = max(most[0], limit._held["a"])
                if within:
                    time.sleep(0)

    threads = [threading.Thread(target=hold) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] <= 5
    assert not limit._held


def test_messages_have_a_measure_of_their_own() -> None:
    messages = Messages(2)
    assert messages.fault(None) == "gate.binary"
    assert messages.fault("x" * LONGEST_MESSAGE) == ""
    assert messages.fault("x" * (LONGEST_MESSAGE + 1)) == "gate.too_big"
    assert [messages.fault("x") for _ in range(8)][-1] == "gate.flood"


def test_of_a_connection_that_is_over_nothing_is_kept(portal: Portal) -> None:
    before = set(connected)
    page = portal.signed_in("cm").page()
    assert len(set(connected) - before) == 1
    page.close()
    portal.until(lambda: set(connected) <= before)
