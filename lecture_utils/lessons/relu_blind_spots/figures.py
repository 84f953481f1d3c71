"""The drawings of this lesson: those that all lessons share."""

from lecture_utils.studio.figures import *
