import numpy as np

from appliance.perception.lighting import as_int8, evenly_lit


def test_a_dark_and_a_bright_picture_of_a_face_look_alike_to_the_model() -> None:
    face = np.random.default_rng(1).integers(80, 120, (48, 48)).astype(np.uint8)
    pictures = np.stack([face - 60, face, face * 2])
    dark, usual, bright = evenly_lit(pictures)
    np.testing.assert_allclose(dark, usual, atol=1e-4)
    np.testing.assert_allclose(bright, usual, atol=1e-4)


def test_the_noise_of_a_flat_picture_is_not_blown_up() -> None:
    flat = np.full((1, 48, 48), 90, dtype=np.uint8)
    flat[0, 0, 0] = 91
    assert np.abs(evenly_lit(flat)).max() < 0.2


def test_the_int8_input_is_the_float_input_in_steps() -> None:
    faces = np.random.default_rng(1).integers(0, 256, (5, 48, 48)).astype(np.uint8)
    np.testing.assert_allclose(as_int8(faces) / 32, evenly_lit(faces), atol=1 / 64 + 1e-6)
