"""Slide 74's concluding remarks, each with the claims of the course that bear on it."""

from pathlib import Path

from lecture_utils.studio.claims import findings_in

__all__ = ["CONCLUSIONS", "verdicts"]

CONCLUSIONS = {
    "deep linear networks: all local minima are global": ["02 all-local-minima-are"],
    "some saddles are hard to escape": ["02 such-saddles-are-hard", "01 saddle-escape"],
    "deep networks have local minima": ["03 relu-network-has-bad"],
    "large networks rarely meet local minima": [
        "04 minima-are-rare-n",
        "04 large-enough-nets-reach",
        "03 no-local-minimum-n",
    ],
    "all local minima are almost as good": [
        "04 all-minima-are-about",
        "06 strategies-lead-similar-loss",
    ],
    "visualization helps to understand": [
        "06 picture-2-3466-directions",
        "06 random-planes-miss-sharp",
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
