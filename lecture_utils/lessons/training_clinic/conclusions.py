"""Slide 74's concluding remarks, each with the claims of the course that bear on it."""

from pathlib import Path

from lecture_utils.studio.claims import findings_in

__all__ = ["CONCLUSIONS", "verdicts"]

CONCLUSIONS = {
    "deep linear networks: all local minima are global": ["02 matrix-minima"],
    "some saddles are hard to escape": ["02 hard-to-escape", "01 saddle-escape"],
    "deep networks have local minima": ["03 bad-minimum"],
    "large networks rarely meet local minima": [
        "04 coins",
        "04 wide-enough",
        "03 two-more-units",
    ],
    "all local minima are almost as good": [
        "04 equally-good",
        "06 similar-loss",
    ],
    "visualization helps to understand": [
        "06 two-directions",
        "06 random-misses-sharp",
    ],
    "the surface is not as complex as imagined": [
        "05 no-hill",
        "05 hill",
        "05 bent-path",
    ],
}
"""Statement -> "number id" of the claims that test it."""


def verdicts(folder) -> list[tuple[str, str, str, str]]:
    """(statement, number, claim, verdict) of each conclusion, from the notebooks in ``folder``.

    A notebook that is not there, or that has no such claim, gives the verdict "not here yet".
    """
    rows, found = [], {}
    for statement, names in CONCLUSIONS.items():
        for number, id in (name.split() for name in names):
            if number not in found:
                paths = sorted(Path(folder).glob(f"{number}_*.ipynb"))
                found[number] = {row["id"]: row for path in paths for row in findings_in(path)}
            row = found[number].get(id, {"claim": id, "verdict": "not here yet"})
            rows.append((statement, number, row["claim"], row["verdict"].split(":")[0]))
    return rows
