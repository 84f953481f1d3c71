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
        theory="exactly",
        qualified="to the critical point, saddle or not",
    ),
    Claim(
        id="newton-to-minimum",
        says="Newton goes to a minimum",
        lecture="S13's picture",
        theory="only where H is positive",
        qualified="only where the curvature is positive",
    ),
    Claim(
        id="newton-unsuitable",
        says="Newton is not suitable for deep learning",
        lecture="S13",
        theory="N² numbers, about ⅔N³ operations",
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
        theory="if none is zero",
        qualified="silent where a λ is zero",
    ),
    Claim(
        id="degenerate",
        says="a degenerate Hessian decides nothing",
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
        id="plateau-saddle",
        says="training meets a saddle and then escapes",
        lecture="S27",
        theory="ln 10 / ln(1 + η|λ_min|) steps per factor 10",
        qualified="from small weights; the usual start shows no plateau",
    ),
]

COVERS = {
    "01 · Hessian review": [
        ("S7", "what H says where the gradient is zero"),
    ],
    "4. A gallery of critical points": [
        ("S8", "training stops: local minima, or saddle points?"),
        ("S20", "x² + 3y²: a minimum"),
        ("S21", "−x² + 3y²: a saddle"),
        ("S22", "a degenerate Hessian"),
        ("S23", "x² + y⁴ and x² − y⁴: the same H"),
        ("S24", "−x⁴ − y⁴ and 0: H = 0"),
        ("S25", "the monkey saddle"),
    ],
    "1. A tangent and a parabola at every point": [
        ("S9", "Taylor expansion, gradient and Hessian"),
        ("S10", "H determines the curvature"),
        ("N2", "gradient zero: minimum, maximum or saddle; Taylor expansion"),
    ],
    "2. Newton's method, and why we do not train with it": [
        ("S11", "Newton's method: where the parabola has its vertex"),
        ("S12", "Newton's step against the gradient step"),
        ("S13", "one step on a quadratic; why it does not suit deep learning"),
    ],
    "3. Eigenvalues: the curvature in every direction": [
        ("S14", "at a critical point H tells its kind"),
        ("S15", "eigenvalues and eigenvectors"),
        ("S16", "definite and semi-definite matrices"),
        ("S17", "definiteness against minimum, maximum and saddle"),
        ("S18", "the curvature along an eigenvector and between two"),
        ("S19", "the curvature in any direction of n dimensions"),
        ("N2", "definiteness by eigenvalues"),
    ],
    "6. Slow does not mean zero gradient": [
        ("S26", "stuck does not mean zero gradient"),
    ],
    "And now a real saddle": [
        ("S27", "approaching a saddle and leaving it again"),
    ],
    "5. Leaving a saddle": [
        ("N2", "a way off a saddle"),
    ],
}
