"""What lesson 05 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="no-hill",
        says="no hill from start to solution: MLP, CNN",
        lecture="S58–S59",
        theory="no theorem",
    ),
    Claim(
        id="no-hill-lstm",
        says="no hill from start to solution: LSTM",
        lecture="S62–S63",
        theory="no theorem",
    ),
    Claim(
        id="beyond",
        says="beyond the solution the loss rises again",
        lecture="S58: α up to 2",
        theory="at a minimum it would not fall at first",
        qualified="a little beyond, it first falls",
    ),
    Claim(
        id="rare-minima",
        says="perhaps local minima are rare",
        lecture="S58, as a question",
        theory="no line can decide it",
        untested="a search for the critical points themselves, as in notebook 04",
    ),
    Claim(
        id="large-steps",
        says="large steps break the rule",
        lecture="ours (Lucas et al. 2021)",
        theory="more often, for large steps",
        qualified="a small climb, no hill",
    ),
    Claim(
        id="other-start",
        says="it falls from another start, too",
        lecture="ours (Lucas et al. 2021)",
        theory="seen by them, no theorem",
    ),
    Claim(
        id="hill",
        says="between two solutions from two starts there is a hill",
        lecture="S60",
        theory="for a convex loss, none",
    ),
    Claim(
        id="one-start",
        says="two ends from one start have no barrier between them",
        lecture="ours (Frankle et al. 2020)",
        theory="seen by them on small tasks",
    ),
    Claim(
        id="only-order",
        says="the hill is only the order of the units",
        lecture="ours (Ainsworth et al. 2023)",
        theory="conjecture: nothing left if wide",
        qualified="most of it; a rest is left",
    ),
    Claim(
        id="wider",
        says="the wider, the less is left",
        lecture="ours (Entezari et al. 2022)",
        theory="conjecture: 0 in the limit",
        qualified="less than at 16 units; from 64 to 256 no less",
    ),
    Claim(
        id="bent-path",
        says="a bent path has no hill",
        lecture="ours (Garipov, Draxler 2018)",
        theory="no theorem here",
    ),
    Claim(
        id="off-the-line",
        says="training does not walk the line",
        lecture="S61",
        theory="the line is where nobody walked",
    ),
]

COVERS = {
    "05 · Loss profiles": [
        ("S56", "what does the error surface look like?"),
    ],
    "1. A straight line through 8970 dimensions": [
        ("S58", "the profile from the start to twice the way"),
        ("S59", "more profiles on the line"),
        ("S62", "the profile of a CNN"),
        ("S63", "the profile of an LSTM"),
    ],
    "2. Two networks": [
        ("S60", "two starts, two solutions, and the line between them"),
    ],
    "The path that training walks (10 minutes)": [
        ("S61", "the path of training beside the line"),
    ],
}
