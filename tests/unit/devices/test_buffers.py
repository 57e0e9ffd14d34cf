"""Between capture and analysis: the newest frame wins, and lost sound is counted."""

import threading

import numpy as np

from appliance.devices.buffers import BlockQueue, LatestFrame
from appliance.domain.media import SAMPLE_RATE_HZ, AudioBlock, Frame


def _frame(time_s: float) -> Frame:
    return Frame(time_s, np.zeros((2, 2, 3), np.uint8))


def _block(time_s: float) -> AudioBlock:
    return AudioBlock(time_s, np.zeros(SAMPLE_RATE_HZ, np.float32))


def test_the_newest_frame_wins_and_the_number_tells_how_many_were_passed_over() -> None:
    latest = LatestFrame()
    assert latest.snapshot() is None
    assert latest.after(0, 0.0) is None
    for time_s in (1.0, 2.0, 3.0):
        latest.put(_frame(time_s))
    taken = latest.after(0, 0.0)
    assert taken is not None
    assert (taken[0], taken[1].time_s) == (3, 3.0)
    assert latest.after(3, 0.0) is None
    assert latest.snapshot() is taken[1]


def test_who_waits_for_a_frame_gets_it_when_it_comes() -> None:
    latest = LatestFrame()
    got: list[float] = []

    def wait() -> None:
        taken = latest.after(0, 30.0)
        if taken is not None:
            got.append(taken[1].time_s)

    waiting = threading.Thread(target=wait)
    waiting.start()
    latest.put(_frame(7.0))
    waiting.join(30)
    assert got == [7.0]


def test_blocks_come_out_in_order_and_what_is_too_much_is_lost_oldest_first_and_counted() -> None:
    blocks = BlockQueue(most_s=3.0)
    for time_s in range(5):
        blocks.put(_block(float(time_s)))
    taken = [blocks.get(0.0) for _ in range(4)]
    assert [block.time_s for block in taken if block is not None] == [2.0, 3.0, 4.0]
    assert taken[3] is None
    assert blocks.dropped == 2


def test_what_is_forgotten_on_purpose_is_no_loss() -> None:
    blocks = BlockQueue()
    blocks.put(_block(0.0))
    blocks.clear()
    assert blocks.get(0.0) is None
    assert blocks.dropped == 0
