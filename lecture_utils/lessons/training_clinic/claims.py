"""What lesson 09 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="one-cause-one-cure",
        says="one cause, one cure",
        lecture="ours",
        theory="each patient differs in one thing from a network that works",
    ),
    Claim(
        id="optimization",
        says="a smaller network trains better: optimization",
        lecture="N1: a box of its guide",
        theory="the deep one contains it",
    ),
    Claim(
        id="model-bias",
        says="nothing helps but a larger network: model bias",
        lecture="N1: a box of its guide",
        theory="two units, ten classes",
    ),
    Claim(
        id="guide-alone",
        says="a smaller network with the same fault makes the guide blame the model",
        lecture="ours",
        theory="with the same rate, or the same biases, it fails as well",
    ),
    Claim(
        id="named-with-instruments",
        says="losses and instruments together name the cause",
        lecture="ours",
        theory="no theorem: one suspect lit by each fault",
        fresh="9 confirmed, 1 not reproduced",
    ),
    Claim(
        id="overfitting",
        says="low training, high test loss: overfitting",
        lecture="N1: a box of its guide",
        theory="wrong labels are learned by heart",
    ),
    Claim(
        id="mismatch",
        says="low on held-out images, high in the test: mismatch",
        lecture="N1: a box of its guide",
        theory="such images were never seen; some of them in training cure",
    ),
    Claim(
        id="dead-units",
        says="dead units get no gradient",
        lecture="S39: it is zero",
        theory="exactly zero",
    ),
    Claim(
        id="plateau",
        says="a plateau is a saddle, not a minimum",
        lecture="S26–S27, S74: hard to escape",
        theory="λ_min < 0; slow, not stuck",
    ),
    Claim(
        id="past-the-edge",
        says="a rate past 2/λ_max goes up, not down",
        lecture="ours",
        theory="η λ_max / 2 > 1: unstable",
        qualified="not at once: the first step may still help",
    ),
    Claim(
        id="equal-curves",
        says="equal curves, unequal causes",
        lecture="S26: stuck ≠ zero gradient",
        theory="signs differ, losses do not",
    ),
]

COVERS = {
    "9. The whole lecture on one page": [
        ("S73", "concluding remarks"),
        ("S74", "what is known and what is conjectured"),
    ],
    "1. The guide": [
        ("N1", "the general guide"),
    ],
    "3. Seven patients": [
        ("N1", "following it with seven patients"),
    ],
}
