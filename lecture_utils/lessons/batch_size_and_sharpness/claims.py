"""What lesson 08 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="gradient-noise",
        says="gradient noise shrinks with the batch",
        lecture="ours",
        theory="variance V/B",
    ),
    Claim(
        id="same-time",
        says="a small and a large batch take almost the same time",
        lecture="N3.1: training takes almost the same time with a small and with a big batch",
        theory="per update while a GPU is not full; an epoch has n/B updates",
        untested="one update with B = 1 and with B = 1024, timed on an idle GPU",
    ),
    Claim(
        id="two-losses",
        says="training and test loss differ",
        lecture="N3.1: different sets, so different losses",
        theory="other minima",
    ),
    Claim(
        id="shifted-curve",
        says="a shifted loss costs more at a sharp minimum",
        lecture="N3.1: on the shifted curve a sharp minimum performs poorly",
        theory="½λs²",
        qualified="a picture in one dimension",
    ),
    Claim(
        id="sharper-at-equal-steps",
        says="large batches end sharper (equal steps)",
        lecture="N3.1: big batches tend to fall into sharp minima, small ones into flat ones",
        theory="noise leaves sharp valleys",
        qualified="for λ_max, not for Keskar's small box",
    ),
    Claim(
        id="keskar",
        says="Keskar's measure at the end says the same (ε = 0.001)",
        lecture="ours (Keskar et al. 2017)",
        theory="mixes slope and curvature",
        fresh="9 not reproduced, 1 open",
    ),
    Claim(
        id="keskar-at-rest",
        says="there it read the slope that was left: resting turns it towards B = 200",
        lecture="ours",
        theory="in a small box the slope decides",
    ),
    Claim(
        id="sharper-at-equal-epochs",
        says="large batches end sharper (equal epochs)",
        lecture="N3.1: big batches tend to fall into sharp minima, small ones into flat ones",
        theory="fewer steps, less trained",
        qualified="because it has not finished",
    ),
    Claim(
        id="sharper-is-worse",
        says="the sharper end points do poorly on the test set: a point of accuracy or more",
        lecture="N3.1: sharp minima perform poorly on the test set",
        theory="no theorem",
    ),
    Claim(
        id="a-little-worse",
        says="with wrong labels the sharper end points do worse on the test set, however little",
        lecture="ours",
        theory="no theorem",
        fresh="7 confirmed, 3 open",
    ),
    Claim(
        id="equal-steps-close-the-gap",
        says="what a large batch lacks on the test set at equal epochs, equal steps give back",
        lecture="ours (Hoffer et al. 2017)",
        theory="it lacked updates",
    ),
    Claim(
        id="sharpness-of-a-function",
        says="λ_max belongs to the function",
        lecture="ours (Dinh et al. 2017)",
        theory="no: it depends on the units of the weights",
    ),
    Claim(
        id="linear-scaling",
        says="learning rate in proportion to B (equal epochs)",
        lecture="ours (Goyal et al. 2017)",
        theory="holds well below the critical batch",
        qualified="up to a limit",
    ),
    Claim(
        id="critical-batch",
        says="beyond the critical batch a larger one saves no steps",
        lecture="ours (McCandlish et al. 2018)",
        theory="steps ∝ 1 + B_c/B",
    ),
    Claim(
        id="beyond-the-parabola",
        says="a rate beyond 2/λ_max, as it is at the start, can still train",
        lecture="ours",
        theory="2/λ_max is the limit of a parabola",
    ),
    Claim(
        id="small-is-preferred",
        says="a small batch is preferred",
        lecture="N3.1: in all, the small batch is preferred",
        theory="it makes more steps per epoch",
        qualified="at equal epochs and at the small batch's rate",
    ),
    Claim(
        id="own-rate-closes-the-gap",
        says="with its own rate the large batch makes up for the missing steps, to 2 points",
        lecture="ours",
        theory="fewer steps, larger ones",
        fresh="8 confirmed, 2 open",
    ),
    Claim(
        id="edge-of-stability",
        says="edge of stability: λ_max rises to 2/η",
        lecture="ours (Cohen et al. 2021)",
        theory="2/η, for three η",
        fresh="9 confirmed, 1 not reproduced",
    ),
    Claim(
        id="falling-at-the-edge",
        says="at the edge the loss still falls",
        lecture="ours (Cohen et al. 2021)",
        theory="a parabola would diverge",
    ),
    Claim(
        id="catapult-window",
        says="a step between 2/λ and 4/λ is thrown to a flatter place, a larger one diverges",
        lecture="ours (Lewkowycz et al. 2020)",
        theory="4/λ for two layers",
    ),
]

COVERS = {
    "3. Flat and sharp: the measurement": [
        ("N3.1", "small and big batches: flat and sharp minima"),
    ],
    "2. Flat and sharp: the picture": [
        ("N3.1", "moving the training loss gives the test loss"),
    ],
    "1. What a batch buys, and what it costs": [
        ("N3", "batch and momentum"),
        ("N3.1", "the time that a small and a big batch take"),
    ],
}
