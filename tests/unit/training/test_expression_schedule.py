from models_tflite.training.expression.faces import ENLARGED
from models_tflite.training.expression.schedule import Schedule


def test_the_rate_rises_holds_and_ends_at_zero() -> None:
    schedule = Schedule(epochs=20)
    rates = [schedule.learning_rate(epoch) for epoch in range(21)]
    assert rates[0] < rates[1] < rates[2] < schedule.peak
    assert all(rate == schedule.peak for rate in rates[3:13])
    assert rates[13:] == sorted(rates[13:], reverse=True)
    assert rates[20] == 0


def test_a_longer_run_is_the_same_until_the_shorter_one_cools_down() -> None:
    short, long = Schedule(epochs=20), Schedule(epochs=100)
    for epoch in range(short.cool_down_start):
        assert short.learning_rate(epoch + 0.5) == long.learning_rate(epoch + 0.5)
        assert short.view_size(epoch) == long.view_size(epoch)


def test_the_last_epochs_see_faces_as_large_as_the_network_does_on_the_device() -> None:
    schedule = Schedule(epochs=20)
    sizes = [schedule.view_size(epoch) for epoch in range(20)]
    assert sizes == sorted(sizes)
    assert sizes[-3:] == [ENLARGED] * 3
