"""The clock of a film: it follows time, never skips, stops at its end; frames that pass, and stay.

What moves an explorer otherwise is in test_explorer.py.
"""

import numpy as np
import pytest

from lecture_utils.studio import figures
from lecture_utils.studio import player as room
from lecture_utils.studio.controls import Integer
from lecture_utils.studio.player import Player


class Film(Player):
    """A dot that walks ten steps a second."""

    title, aim, alt = "a film", "none.", "A dot that walks along a line."
    controls = {"step": Integer(0, 0, 20)}
    speed = 10

    def paint(self):
        figure, plot = figures.canvas()
        (self.dot,) = plot.plot([0], [0], "o")
        return figure, [self.dot]

    def draw(self, result, step):
        self.dot.set_data([step], [0])

    def tell(self, result, step):
        return f"step {step}"


@pytest.fixture
def film(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: now[0])
    player = Film()

    def tick(seconds):
        now[0] += seconds
        event = {"kind": "tick", "client": "page", "sequence": 7}
        player.picture._on_message(None, event, [])
        assert player.picture._ack == ["page", 7]
        return player.values["step"]

    return player, tick


def test_the_clock_follows_time_and_waits_for_whole_steps(film):
    player, tick = film
    assert tick(0.1) == 0  # not playing yet
    player.playing = True
    frames = player.picture.frames
    assert tick(0.05) == 0
    assert player.picture.frames == frames  # nothing is due, nothing is drawn
    assert tick(0.06) == 1
    assert tick(0.1) == 2
    assert player.picture._playing


def test_a_long_silence_of_the_page_does_not_skip_the_film(film):
    player, tick = film
    player.playing = True
    assert tick(60.0) == 2


def test_it_stops_at_its_end_and_starts_again_from_the_first_step(film):
    player, tick = film
    player.playing = True
    for _ in range(12):
        tick(0.2)
    assert player.values["step"] == 20
    assert not player.playing
    assert not player.picture._playing
    player.playing = True
    assert player.values["step"] == 0


@pytest.mark.nightly
def test_step_preset_and_reset_stop_it(film):
    player, tick = film
    for act in (player._step, player.undo, player.redo, player.reset):
        player.playing = True
        act()
        assert not player.playing
    player._step()
    assert tick(1.0) == 1


def test_a_film_at_rest_at_its_start_says_that_it_waits_to_be_played(film):
    player, tick = film
    told = "This is the start: press ▶ Play."
    assert told in player.picture.caption and player.readout == "step 0"
    assert player._button_play.button_style == "primary"
    player.playing = True
    assert told not in player.picture.caption and player._button_play.button_style == ""
    tick(0.2)
    player.playing = False
    assert player.picture.caption == "step 2"
    player.set(step=0)
    assert told in player.picture.caption


def test_the_button_of_a_step_says_that_at_the_end_it_begins_again(film):
    player, _ = film
    assert player._button_step.description == "Step ▸"
    player.set(step=20)
    assert player._button_step.description == "↺ First step"
    player._button_step.click()
    assert player.values["step"] == 0 and player._button_step.description == "Step ▸"


def test_frames_of_a_film_are_quick_and_the_one_that_stays_is_exact(film):
    player, tick = film
    player.playing = True
    tick(0.2)
    assert player.picture.frame().startswith(b"\xff\xd8")  # JPEG
    player.playing = False
    assert player.picture.frame().startswith(b"\x89PNG")


def test_a_preset_shows_the_whole_of_a_run_that_is_seen_whole_at_first():
    class Whole(Film):
        controls = {"step": Integer(20, 0, 20), "which": Integer(0, 0, 2)}
        presets = {"another": {"which": 1}, "from the start": {"which": 2, "step": 0}}

        def tell(self, result, step, which):
            return f"step {step} of {which}"

    player = Whole()
    player.set(step=3)
    player.preset("another")
    assert player.readout == "step 20 of 1"
    player.preset("from the start")
    assert player.readout == "step 0 of 2"


@pytest.mark.parametrize("last", [1, 7, 2000])
def test_a_film_over_a_log_axis_shows_every_step_at_first_and_the_last(last):
    shown = room.evenly_in_log(last)
    assert list(shown[:3]) == [0, 1, 2][: last + 1]
    assert shown[-1] == last
    assert np.all(np.diff(shown) > 0)
    assert np.all(shown[1:] / np.maximum(shown[:-1], 1) <= 2.0)


def test_a_film_that_runs_past_the_goal_has_not_found_it(monkeypatch):
    class Searching(Film):
        def goal(self, result, step):
            return "there." if step in (5, 20) else None

    player = Searching()
    player.playing = True
    player.set(step=5)
    assert not player.goal_reached
    player.playing = False
    assert player.goal_reached, "where it stops it counts"
    player.reset()
    player.playing = True
    player.advance(30)
    assert player.goal_reached and not player.playing, "its end is where it stops"


def test_its_speed_can_be_a_control(monkeypatch):
    class Paced(Film):
        controls = Film.controls | {"pace": Integer(5, 5, 50)}
        speed = "pace"

    now = [0.0]
    monkeypatch.setattr(room.time, "monotonic", lambda: now[0])
    player = Paced()
    player.set(pace=50)
    player.playing = True
    now[0] += 0.1
    player.picture._on_message(None, {"kind": "tick"}, [])
    assert player.values["step"] == 5
