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
        says="a larger error, a larger share of negative eigenvalues",
        lecture="S48: the larger the error, the larger p",
        theory="exact α(ε): 0 up to ε_c (for φ < 1), then rising",
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
        id="zero-gradient",
        says="where the gradient is zero there is probably no minimum",
        lecture="N2: probably not a local minimum",
        theory="coins and random matrices: hardly ever one",
    ),
    Claim(
        id="gradient-near-zero",
        says="most of the times a saddle is why the gradient is close to zero",
        lecture="N2: most of the times",
        theory="descent leaves saddles and ends at minima",
        qualified="on the way down; at the end of training it is a minimum",
    ),
    Claim(
        id="guess-of-the-surface",
        says="saddles lie high, minima low and close to the global one",
        lecture="S49: a guess about the surface",
        theory="½ of the pairs if neither lies higher",
        qualified="the lowest saddles lie among the minima; the global one is not known",
    ),
    Claim(
        id="descent-stays-low",
        says="after its start descent passes saddles of low index only",
        lecture="ours",
        theory="no prediction",
    ),
    Claim(
        id="three-halves-measured",
        says="measured points follow (L/L_c − 1)^(3/2)",
        lecture="S52, empirical",
        theory="near ε_c; far above less",
        untested="a squared error without decay, points below 1.1 L_c, about 4600 parameters",
    ),
    Claim(
        id="one-power",
        says="up to ten times L_c one power fits, and it is below 1",
        lecture="ours",
        theory="the model's own curve: about 0.76",
    ),
    Claim(
        id="no-decay-runs-away",
        says="without weight decay most searches end nowhere, or at infinity",
        lecture="ours",
        theory="tanh is flat far out",
    ),
    Claim(
        id="outliers",
        says="bulk and outliers",
        lecture="ours (Sagun et al.)",
        theory="about as many as classes",
        qualified="clear in mid-training",
        fresh="8 qualified, 2 not reproduced",
    ),
    Claim(
        id="lanczos",
        says="Lanczos shows the spectrum",
        lecture="ours",
        theory="exact but for blur and chance",
    ),
    Claim(
        id="equally-good",
        says="almost all local minima have nearly the loss of the global one",
        lecture="S45: a local minimum is good enough",
        theory="the training loss is at least 0",
        qualified="in wide networks, for ends of training, not certified minima",
    ),
    Claim(
        id="narrower-band",
        says="the larger the network, the closer together the losses of its minima",
        lecture="S53: as in a spin glass",
        theory="wider: narrower band",
        qualified="ends of training, test loss, as Choromanska et al. measured it",
    ),
    Claim(
        id="training-tells-test",
        says="training loss tells the test loss",
        lecture="ours (Choromanska et al. 2015)",
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
    "1. Coins, and one matrix": [
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
        ("N2", "a gradient close to zero is mostly a saddle's"),
    ],
    "4. Is the exponent 3/2?": [
        ("S52", "the exponent 3/2"),
    ],
    "7. Spin glasses: a model, not a fact": [
        ("S53", "spin glasses and seven assumptions"),
    ],
    "6. Larger networks": [
        ("S45", "the conjecture: local minima are good enough"),
        ("S54", "a large enough network finds the global optimum"),
    ],
    "Summary": [
        ("S55", "references"),
    ],
}
