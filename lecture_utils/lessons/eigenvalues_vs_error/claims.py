"""What lesson 04 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="coins",
        says="minima are as rare as N heads in a row",
        lecture="S47: 1/1024 at N = 10",
        theory="2^−N for coins",
        qualified="eigenvalues repel: rarer still",
    ),
    Claim(
        id="larger-error",
        says="a larger error, a larger p",
        lecture="S48",
        theory="exact α(ε): 0, then rising",
    ),
    Claim(
        id="three-halves-in-theory",
        says="α ∝ (ε/ε_c − 1)^(3/2)",
        lecture="S52, theoretical",
        theory="slope 1.5 at ε_c only",
        qualified="only next to ε_c",
    ),
    Claim(
        id="index-rises",
        says="index rises with loss in a real network",
        lecture="S48, S50–S51",
        theory="model, spin glass: yes",
    ),
    Claim(
        id="impostors",
        says="points that are not critical show the same curve",
        lecture="ours (Frye et al.)",
        theory="‖g‖ decides, not the curve",
    ),
    Claim(
        id="three-halves-measured",
        says="the measured exponent is 3/2",
        lecture="S52, empirical",
        theory="near ε_c; far above less",
    ),
    Claim(
        id="outliers",
        says="bulk and outliers",
        lecture="ours (Sagun et al.)",
        theory="about as many as classes",
        qualified="clear in mid-training",
    ),
    Claim(
        id="lanczos",
        says="Lanczos shows the spectrum",
        lecture="ours",
        theory="exact but for blur and chance",
    ),
    Claim(
        id="equally-good",
        says="all minima are about equally good",
        lecture="S45, S53",
        theory="wider: narrower band",
        qualified="ends of training, not certified minima",
    ),
    Claim(
        id="training-tells-test",
        says="training loss tells the test loss",
        lecture="S45: the idea behind it",
        theory="less and less with width",
        qualified="in narrow networks only",
    ),
    Claim(
        id="wide-enough",
        says="large enough nets reach the global optimum",
        lecture="S54",
        theory="wide limit: yes",
    ),
    Claim(
        id="any-start",
        says="… independent of the initialization",
        lecture="S54",
        theory="not from a saddle",
        qualified="any ordinary one, not θ = 0",
    ),
]

COVERS = {
    "04 · Eigenvalues against error": [
        ("S45", "the conjecture: local minima are good enough"),
    ],
    "1. Coins, and why they are not honest": [
        ("S46", "half of the eigenvalues positive, half negative"),
        ("S47", "coins: with N = 10 almost every critical point is a saddle"),
    ],
    "2. Let the error in: Wishart + Wigner": [
        ("S48", "the share of negative eigenvalues grows with the error"),
    ],
    "3. Critical points of a real network": [
        ("S49", "a guess about the surface: saddles high up, minima low down"),
        ("S50", "training error against eigenvalues"),
        ("S51", "the degree of local minima"),
    ],
    "4. Is the exponent 3/2?": [
        ("S52", "the exponent 3/2"),
    ],
    "7. Spin glasses: a model, not a fact": [
        ("S53", "spin glasses and seven assumptions"),
    ],
    "6. Larger networks: the same loss, wherever you start": [
        ("S54", "a large enough network finds the global optimum"),
    ],
    "Summary": [
        ("S55", "references"),
    ],
}
