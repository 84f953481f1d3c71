"""The front door: ``python -m lecture_utils`` opens the course, as ``make lab`` does.

    python -m lecture_utils [lab] [--port 8888] [--folder my_notebooks]   in a copy of your own
    python -m lecture_utils edit [--port 8888]                 the originals, for who maintains it
    python -m lecture_utils tally FOLDER [--into .]                    the answers of a room

It stands above the three layers, and imports what a command needs only when it is given.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Do what the arguments say; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lecture_utils", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", metavar="command")
    lab = commands.add_parser("lab", help="open the course in JupyterLab (without a command, too)")
    lab.add_argument("--folder", type=Path, help="where your copy is, my_notebooks")
    edit = commands.add_parser("edit", help="open the originals, for who maintains the course")
    for command in (lab, edit):
        command.add_argument("--port", type=int, default=8888, help="of JupyterLab, 8888")
        command.add_argument("--home", type=Path, help="where JupyterLab keeps what it writes")
    tally = commands.add_parser("tally", help="count the exported answers of a room")
    tally.add_argument("folder", type=Path, help="of the exported answers, my_answers.json")
    tally.add_argument("--into", type=Path, default=Path("."), help="where room.png and .md go")
    asked = sys.argv[1:] if arguments is None else arguments
    if not asked or (asked[0].startswith("-") and asked[0] not in ("-h", "--help")):
        asked = ["lab", *asked]
    given = parser.parse_args(asked)
    try:
        return _tally(given) if given.command == "tally" else _open(given)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1


def _open(given) -> int:
    from lecture_utils.launch import open_course

    folder = getattr(given, "folder", None)
    return open_course(given.command, given.port, folder, given.home)


def _tally(given) -> int:
    from lecture_utils.lessons import all_lessons
    from lecture_utils.studio.tally import draw_room, read_room, room_table

    rooms = read_room(given.folder, all_lessons())
    given.into.mkdir(parents=True, exist_ok=True)
    table, picture = given.into / "room.md", given.into / "room.png"
    text = room_table(rooms)
    table.write_text(text, encoding="utf-8")
    print(text)
    if any(sum(counts.values()) for room in rooms for counts in room.chosen.values()):
        draw_room(rooms).savefig(picture)
        print(f"Drawn in {picture}, and this table in {table}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
