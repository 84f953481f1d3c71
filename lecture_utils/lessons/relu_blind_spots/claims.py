"""What lesson 03 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="bad-minimum",
        says="a ReLU network has bad local minima",
        lecture="S36, S38: A is one",
        theory="L ≥ 18 + 2c² near A",
    ),
    Claim(
        id="b-is-better",
        says="the other setting, B, is better",
        lecture="S38",
        theory="14, the best one unit can do",
    ),
    Claim(
        id="simple-task-difficult",
        says="even a simple task can be difficult",
        lecture="S37",
        theory="minima at 14, 18, 18.75, 21.17, 21.20",
    ),
    Claim(
        id="kink-moved",
        says="of the four endings only A is not flat along its kink",
        lecture="ours",
        theory="A's kink sits on a point, the others' between points",
    ),
    Claim(
        id="blind-spot",
        says="in the blind spot the gradient is zero",
        lecture="S39",
        theory="exactly zero for v, b, w",
        qualified="the output bias c still learns",
    ),
    Claim(
        id="easily-inactive",
        says="it is pretty easy to make this happen",
        lecture="S39",
        theory="Φ(−μ): 0.69 at μ = −0.5, 0.98 at −2",
        qualified="on one input; dead on all depends on the data",
    ),
    Claim(
        id="killed-by-training",
        says="training itself makes dead units",
        lecture="ours",
        theory="a step may jump into the wedge",
    ),
    Claim(
        id="born-dead",
        says="deep narrow ReLU nets are born dead",
        lecture="ours (Lu et al. 2019)",
        theory="≤ 0.44, 0.76, 0.94, 1.00 at depth 2, 5, 10, 20",
    ),
    Claim(
        id="initialization",
        says="consider your initialization",
        lecture="S40",
        theory="m < 0, small s: all dead",
    ),
    Claim(
        id="enough-units",
        says="n ≥ k units suffice for loss zero",
        lecture="S41: wᵢ = vᵢ",
        theory="F(V, V) = 0",
    ),
    Claim(
        id="bad-minima-common",
        says="yet bad minima are common for n = k",
        lecture="ours (Safran and Shamir 2018, named on S44)",
        theory="reported 0.3, 5.5, 12.6, 21.8, 34.6 %",
    ),
    Claim(
        id="true-minima",
        says="those ends are local minima",
        lecture="ours (Safran and Shamir 2018)",
        theory="all λ > 0",
    ),
    Claim(
        id="one-more-unit",
        says="the numbers k and n matter",
        lecture="S41",
        theory="one more unit makes them saddles, under conditions",
    ),
    Claim(
        id="two-more-units",
        says="no local minimum for n ≥ k + 2",
        lecture="S42",
        theory="one more unit makes the old ones saddles, under conditions",
        qualified="an observation; the theorem is about the minima of n = k",
    ),
    Claim(
        id="data-matter",
        says="the data matter",
        lecture="S41–S44",
        theory="one rule serves many images",
        qualified="a difference in speed over 60 epochs, not a bad minimum",
    ),
]

COVERS = {
    "2. Where do random starts end?": [
        ("S37", "even a simple task can be difficult"),
    ],
    "1. Five points, one unit": [
        ("S36", "deep non-linear networks: are there local minima?"),
        ("S38", "five points, one ReLU: two local minima"),
    ],
    "3. The blind spot": [
        ("S39", "the blind spot of ReLU"),
    ],
    "5. Consider your initialization": [
        ("S40", "consider your initialization"),
    ],
    "6. Teacher and student: perfect data": [
        ("S41", "teacher and student"),
        ("S42", "no local minimum for n ≥ k + 2?"),
    ],
    "7. Considering the data": [
        ("S43", "considering the data"),
    ],
    "Summary": [
        ("S44", "references; what a theory should look like"),
    ],
}
