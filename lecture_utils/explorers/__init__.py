"""Floor 5: pictures that answer, and the explorers built on them."""

from lecture_utils.explorers.explorer import Explorer
from lecture_utils.explorers.live import LivePicture

__all__ = ["Explorer", "LivePicture"]
