"""What lesson 02 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="chain-by-hand",
        says="gradient and Hessian of a chain",
        lecture="S30–S31: by hand",
        theory="the formulas of section 1",
    ),
    Claim(
        id="two-weights-escape",
        says="two weights: the origin is easy to escape",
        lecture="S30",
        theory="λ = −2, 2; 13 steps per factor 10",
    ),
    Claim(
        id="stuck-with-probability-zero",
        says="getting stuck at a saddle has probability zero",
        lecture="S30: almost zero",
        theory="zero, in the limit of small steps",
        qualified="but from three weights on it takes long",
    ),
    Claim(
        id="flat-origin",
        says="three weights: so flat",
        lecture="S31: H = 0 at the origin",
        theory="H = 0, time ∝ 1/distance",
    ),
    Claim(
        id="line-of-saddles",
        says="(0, 0, k) is a saddle",
        lecture="S31",
        theory="λ = −2k, 0, 2k",
    ),
    Claim(
        id="chain-minima",
        says="all minima of a chain are global",
        lecture="S31: w₁w₂w₃ = 1",
        theory="L = 0, λ = 2Σ1/wᵢ² ≥ 2K",
        qualified="equal in loss, not in sharpness",
    ),
    Claim(
        id="unequal-stability",
        says="equal minima, unequal stability",
        lecture="ours",
        theory="none is stable for η > 1/K",
    ),
    Claim(
        id="plateau-and-cliff",
        says="ten hidden layers: a plateau and a cliff",
        lecture="S32",
        theory="L = 0.99 at t = 0.618, 0.5 at 0.894",
    ),
    Claim(
        id="flat-origin-of-eleven",
        says="the origin of ten hidden layers is flat",
        lecture="S33",
        theory="|L − 1| of order |a⁶b⁵|",
    ),
    Claim(
        id="training-waits",
        says="some critical points are bad: training waits",
        lecture="S31, S74",
        theory="the longer the deeper",
        qualified="strongly for gradient descent and momentum, far less for Adam",
    ),
    Claim(
        id="matrix-minima",
        says="all local minima are global (matrices)",
        lecture="S34–S35",
        theory="true for squares, conditions above",
    ),
    Claim(
        id="wide-hidden-layers",
        says="hidden layers ≥ input and output",
        lecture="S34: the condition",
        theory="one of the two is enough, for convex differentiable losses",
        qualified="squares do not need it",
    ),
    Claim(
        id="no-negative-eigenvalue",
        says="saddles without a negative eigenvalue need more than two hidden layers",
        lecture="S34: more than two hidden layers can have them",
        theory="two suffice, one does not",
        slip="two hidden layers suffice, as in the slide's own chain of three weights",
    ),
    Claim(
        id="hard-to-escape",
        says="such saddles are hard to escape",
        lecture="S74",
        theory="no way down of second order",
        qualified="hard, not impossible: every run escapes in the end",
    ),
    Claim(
        id="strong-modes-first",
        says="strong modes are learned first",
        lecture="ours",
        theory="Saxe et al.: u(1) = 0.356 for s = 3",
    ),
    Claim(
        id="autoencoder",
        says="every critical point of an autoencoder",
        lecture="ours",
        theory="kinds and loss: Baldi & Hornik; index: derived here",
    ),
    Claim(
        id="more-ways-down",
        says="worse critical points have more ways down",
        lecture="S48–S51, for real networks",
        theory="loss and index exact; a tendency between them",
        qualified="here for a linear autoencoder; notebook 04 asks for real ones",
    ),
]

COVERS = {
    "1. Weights in a row": [
        ("S28", "deep linear networks"),
        ("S30", "two weights: gradient, Hessian, an easy escape"),
        ("S31", "three weights: a flat origin, a line of saddles"),
    ],
    "3. Equal minima, unequal sharpness": [
        ("S31", "all minima are global"),
    ],
    "2. The plateau of ten hidden layers": [
        ("S29", "two weights in a row: the surface"),
        ("S31", "some critical points are bad: training waits"),
        ("S32", "ten hidden layers: a plateau and a cliff"),
        ("S33", "a demonstration: training on the plateau"),
    ],
    "4. Matrices: no bad minimum, but bad saddles": [
        ("S34", "matrices: no bad minimum, saddles without negative eigenvalues"),
        ("S35", "the theorems and their conditions"),
    ],
}
