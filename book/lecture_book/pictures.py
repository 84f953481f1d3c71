"""What the notebooks show, as WebP: the same pixels in less than half of the bytes."""

from __future__ import annotations

import base64
import hashlib
import io
from pathlib import Path

from PIL import Image

__all__ = ["Pictures"]


class Pictures:
    """A folder of pictures, each written once and kept by what it shows.

    ``folder`` is copied into the site; ``kept`` outlives a build, so that a second one only copies.
    """

    def __init__(self, folder: Path, kept: Path):
        self.folder, self.kept = folder, kept
        for place in (folder, kept):
            place.mkdir(parents=True, exist_ok=True)

    def add(self, name: str, png: str) -> tuple[str, int, int]:
        """Keep a base64 PNG under ``name``; its file in the site, its width and height."""
        data = base64.b64decode(png)
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
            kept = self.kept / f"{hashlib.sha256(data).hexdigest()[:24]}.webp"
            if not kept.exists():
                lossless = io.BytesIO()
                image.convert("RGB").save(lossless, "webp", lossless=True, quality=40, method=2)
                kept.write_bytes(lossless.getvalue())
        target = self.folder / f"{name}.webp"
        target.write_bytes(kept.read_bytes())
        return f"pictures/{target.name}", width, height
