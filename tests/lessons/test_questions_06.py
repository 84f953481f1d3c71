"""The questions of notebook 06: solvable, and each typical mistake is named."""

import numpy as np

from lecture_utils import filter_normalize, plane_profile, project
from lecture_utils.lessons.loss_surfaces_2d.questions import lesson


def test_the_package_s_own_functions_are_accepted():
    answers = {
        "normalized": lambda D, W: np.asarray(filter_normalize({"W": D}, {"W": W})["W"]),
        "off_plane": lambda delta, d1, d2: project(delta[None], 0 * delta, d1, d2).residual[0],
    }
    for name, answer in answers.items():
        assert lesson.check(name, answer).feedback.status == "correct", name
    exercise = lesson.exercises["plane"]
    for f, *where in exercise.inputs:
        ours = plane_profile(lambda v, f=f: _traceable(v), *where)
        np.testing.assert_allclose(ours, exercise.solution(f, *where))


def _traceable(theta):
    return theta @ np.array([1.0, 3.0, 0.5]) + theta @ theta


def test_a_wrong_shape_is_named_not_raised():
    for answer in (lambda layers, a: layers[0], lambda layers, a: ((1, 2), (3, 4))):
        assert lesson.check("rescaled", answer).feedback.status == "wrong"
