"""News for many readers: a snapshot first, then every change; nobody waits for somebody slow."""

import threading

from appliance.interview.events import SNAPSHOT, News, NewsStream, Reader


class Things:
    """Something that changes."""

    def __init__(self) -> None:
        self.value = 0
        self.news = NewsStream(lambda: {"value": self.value}, kept=4, begins_at=0)

    def change(self, times: int = 1) -> None:
        for _ in range(times):
            self.value += 1
            self.news.tell("value", {"value": self.value})


def _all(reader: Reader) -> list[News]:
    """What a reader gets without waiting."""
    got = []
    while (news := reader.next(0.0)) is not None:
        got.append(news)
    return got


def test_a_new_reader_gets_a_snapshot_and_then_changes() -> None:
    things = Things()
    things.change(2)
    reader = things.news.reader()
    things.change(1)
    first = reader.next(0.0)
    assert first == News(3, SNAPSHOT, {"value": 3})
    things.change(2)
    assert _all(reader) == [News(4, "value", {"value": 4}), News(5, "value", {"value": 5})]


def test_readers_do_not_take_from_each_other() -> None:
    things = Things()
    readers = [things.news.reader() for _ in range(5)]
    for reader in readers:
        reader.next(0.0)
    things.change(3)
    assert [len(_all(reader)) for reader in readers] == [3] * 5


def test_a_slow_reader_gets_a_snapshot_in_place_of_what_it_missed() -> None:
    things = Things()
    slow = things.news.reader()
    slow.next(0.0)
    things.change(1000)
    assert _all(slow) == [News(1000, SNAPSHOT, {"value": 1000})]
    things.change(4)
    assert [news.kind for news in _all(slow)] == ["value"] * 4


def test_who_comes_back_gets_what_came_since() -> None:
    things = Things()
    things.change(5)
    assert [news.id for news in _all(things.news.reader(after=3))] == [4, 5]
    assert _all(things.news.reader(after=5)) == []
    assert [news.kind for news in _all(things.news.reader(after=0))] == [SNAPSHOT]


def test_who_comes_back_from_before_a_restart_gets_a_snapshot() -> None:
    things = Things()
    things.change(2)
    assert _all(things.news.reader(after=700)) == [News(2, SNAPSHOT, {"value": 2})]


def test_an_id_from_before_a_restart_is_none_of_now() -> None:
    before, now = NewsStream(dict), NewsStream(dict)
    for news in (before, now):
        for _ in range(3):
            news.tell("n", {})
    seen = before.reader()
    last = seen.next(0.0)
    assert last is not None
    told = now.reader(after=last.id).next(0.0)
    assert told is not None
    assert told.kind == SNAPSHOT
    assert told.id < 2**53, "a browser must be able to hold it"


def test_what_was_forgotten_is_told_to_nobody() -> None:
    things = Things()
    reader, newcomer = things.news.reader(), things.news.reader()
    reader.next(0.0)
    things.change(3)
    things.value = 0
    things.news.forget()
    assert _all(reader) == [News(4, SNAPSHOT, {"value": 0})]
    assert _all(newcomer) == [News(4, SNAPSHOT, {"value": 0})]
    assert [news.kind for news in _all(things.news.reader(after=2))] == [SNAPSHOT]


def test_a_reader_that_waits_is_woken() -> None:
    things = Things()
    reader = things.news.reader()
    reader.next(0.0)
    got: list[News | None] = []
    waiting = threading.Thread(target=lambda: got.append(reader.next(30.0)))
    waiting.start()
    things.change()
    waiting.join(30)
    assert got == [News(1, "value", {"value": 1})]


def test_closing_lets_everybody_go() -> None:
    things = Things()
    readers = [things.news.reader() for _ in range(3)]
    for reader in readers:
        reader.next(0.0)
    threads = [threading.Thread(target=reader.next, args=(600.0,)) for reader in readers]
    for thread in threads:
        thread.start()
    things.news.close()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert things.news.is_closed


def test_many_threads_lose_nothing() -> None:
    news = NewsStream(dict, kept=10_000, begins_at=0)
    readers = [news.reader(after=0) for _ in range(4)]
    got: list[list[int]] = [[] for _ in readers]

    def tell() -> None:
        for _ in range(500):
            news.tell("n", {})

    def read(number: int) -> None:
        while len(got[number]) < 2000:
            told = readers[number].next(30.0)
            assert told is not None
            got[number].append(told.id)

    threads = [threading.Thread(target=tell) for _ in range(4)]
    threads += [threading.Thread(target=read, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert all(ids == list(range(1, 2001)) for ids in got)


def test_who_asked_for_it_is_told_of_changes_of_one_kind() -> None:
    things = Things()
    told: list[int] = []
    things.news.when_told("value", lambda data: told.append(data["value"]))
    things.change(2)
    things.news.tell("other", {"value": 9})
    assert told == [1, 2]
