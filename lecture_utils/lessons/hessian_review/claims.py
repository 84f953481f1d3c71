"""What lesson 01 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="parabola-cubic",
        says="the parabola is right up to a cubic error",
        lecture="S9: gᵀδ + ½ δᵀHδ",
        theory="slope 3, tangent 2",
    ),
    Claim(
        id="without-half",
        says="the same without the ½",
        lecture="N2: δᵀHδ",
        theory="no better than the tangent: slope 2",
        slip="½ δᵀHδ; without the ½ the model is no better than the tangent",
    ),
    Claim(
        id="newton-one-step",
        says="one Newton step solves a parabola",
        lecture="S13: critical point in one step",
        theory="exactly, to the critical point, saddle or not",
    ),
    Claim(
        id="newton-to-minimum",
        says="Newton goes to a minimum",
        lecture="S13's picture",
        theory="no: to a critical point, and not from everywhere",
        qualified="from some starts; from others to a maximum, to and fro, or away",
    ),
    Claim(
        id="newton-unsuitable",
        says="Newton is not suitable for deep learning",
        lecture="S13",
        theory="N² numbers, about ⅔N³ operations",
        qualified="the plain method; products of H with vectors need no matrix",
    ),
    Claim(
        id="weighted-mean",
        says="the curvature along v is Σ aᵢ²λᵢ",
        lecture="S18–S19",
        theory="identity",
    ),
    Claim(
        id="signs-name",
        says="eigenvalue signs name the critical point",
        lecture="S17, S20–S21",
        theory="both signs: a saddle; all of one sign: an extremum; else silent",
        qualified="never wrongly; where zeros are among equal signs, not at all",
    ),
    Claim(
        id="degenerate",
        says="a degenerate Hessian does not decide",
        lecture="S22–S25",
        theory="same H, different nature",
    ),
    Claim(
        id="step-along-u",
        says="a step along u lowers the loss",
        lecture="N2: θ = θ₀ + αu",
        theory="(1 − a²/2)², below 1 for a < 2",
        qualified="if the step is small enough",
    ),
    Claim(
        id="saddle-escape",
        says="a saddle is easy to leave",
        lecture="S27, S30",
        theory="24 steps per factor 10",
        qualified="after a plateau, the longer the closer one starts",
    ),
    Claim(
        id="slow-not-flat",
        says="training is slow although the gradient is not zero",
        lecture="S26: stuck ≠ zero gradient",
        theory="no prediction",
        qualified="with wrong labels; clean, it fades",
    ),
    Claim(
        id="noise-times-curvature",
        says="most of that gradient is the noise of minibatches times the curvature",
        lecture="ours",
        theory="δ ← (I − ηH)δ lets a displacement decay, and leaves the slope of the floor",
    ),
    Claim(
        id="plateau-saddle",
        says="training meets a saddle and then escapes",
        lecture="S27",
        theory="ln 10 / ln(1 + η|λ_min|) steps per factor 10",
        qualified="from small weights; the usual start shows no plateau",
    ),
]

COVERS = {
    "1. A point where nothing moves": [
        ("S7", "what H says where the gradient is zero"),
        ("S8", "training stops: local minima, or saddle points?"),
        ("S9", "Taylor expansion, gradient and Hessian"),
        ("S10", "H determines the curvature"),
        ("N2", "gradient zero: minimum, maximum or saddle; Taylor expansion"),
    ],
    "2. Which way does it curve?": [
        ("S14", "at a critical point H tells its kind"),
        ("S15", "eigenvalues and eigenvectors"),
        ("S16", "definite and semi-definite matrices"),
        ("S17", "definiteness against minimum, maximum and saddle"),
        ("S18", "the curvature along an eigenvector and between two"),
        ("S19", "the curvature in any direction of n dimensions"),
        ("N2", "definiteness by eigenvalues"),
    ],
    "3. Leaving a saddle": [
        ("S27", "approaching a saddle and leaving it again"),
    ],
    "4. A method that uses all of H": [
        ("S11", "Newton's method: where the parabola has its vertex"),
        ("S12", "Newton's step against the gradient step"),
    ],
    "What Newton's method costs (5 minutes)": [
        ("S13", "one step on a quadratic; why it does not suit deep learning"),
    ],
    "A gallery of seven critical points (8 minutes)": [
        ("S20", "x² + 3y²: a minimum"),
        ("S21", "−x² + 3y²: a saddle"),
        ("S22", "a degenerate Hessian"),
        ("S23", "x² + y⁴ and x² − y⁴: the same H"),
        ("S24", "−x⁴ − y⁴ and 0: H = 0"),
        ("S25", "the monkey saddle"),
    ],
    "Three ways off a saddle (10 minutes)": [
        ("N2", "a way off a saddle"),
    ],
    "Is slow flat? (18 minutes)": [
        ("S26", "stuck does not mean zero gradient"),
    ],
}
