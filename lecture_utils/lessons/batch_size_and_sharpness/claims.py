"""What lesson 08 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="gradient-noise",
        says="gradient noise shrinks with the batch",
        lecture="N3.1: small batches are noisy",
        theory="variance V/B",
    ),
    Claim(
        id="same-time",
        says="large and small batch take the same time",
        lecture="N3.1: almost the same",
        theory="per update, on parallel hardware only",
    ),
    Claim(
        id="two-losses",
        says="training and test loss differ",
        lecture="N3.1: different sets, different losses",
        theory="other minima",
    ),
    Claim(
        id="shifted-curve",
        says="a shifted loss costs more at a sharp minimum",
        lecture="N3.1: sharp minima perform poorly",
        theory="½λs²",
        qualified="a picture in one dimension",
    ),
    Claim(
        id="sharper-at-equal-steps",
        says="large batches end sharper (equal steps)",
        lecture="N3.1: big batch: sharp minima",
        theory="noise leaves sharp valleys",
        qualified="for λ_max, not for Keskar's measure",
    ),
    Claim(
        id="keskar",
        says="Keskar's measure says the same (ε = 0.001)",
        lecture="N3.1: big batch: sharp minima",
        theory="mixes slope and curvature",
    ),
    Claim(
        id="sharper-at-equal-epochs",
        says="large batches end sharper (equal epochs)",
        lecture="N3.1: big batch: sharp minima",
        theory="fewer steps, less trained",
        qualified="because it has not finished",
    ),
    Claim(
        id="sharper-is-worse",
        says="the sharper end points do worse on the test set",
        lecture="N3.1: sharp minima perform poorly",
        theory="no theorem",
    ),
    Claim(
        id="small-is-preferred",
        says="small batch is preferred",
        lecture="N3.1: small is preferred",
        theory="it makes more steps per epoch",
        qualified="at equal epochs and rate",
    ),
    Claim(
        id="sharpness-of-a-function",
        says="sharpness belongs to the function",
        lecture="N3.1: sharp is bad",
        theory="no: Dinh et al. 2017",
    ),
    Claim(
        id="linear-scaling",
        says="learning rate in proportion to B (equal epochs)",
        lecture="ours",
        theory="holds while η < 2/λ_max",
        qualified="up to a limit",
    ),
    Claim(
        id="edge-of-stability",
        says="edge of stability: λ_max rises to 2/η",
        lecture="ours",
        theory="2/η, for three η",
    ),
    Claim(
        id="falling-at-the-edge",
        says="at the edge the loss still falls",
        lecture="ours",
        theory="a parabola would diverge",
    ),
]

COVERS = {
    "08 · Batch size and sharpness": [
        ("N3", "batch and momentum"),
    ],
    "3. Flat and sharp: the measurement": [
        ("N3.1", "small and big batches: flat and sharp minima"),
    ],
    "2. Flat and sharp: the picture": [
        ("N3.1", "moving the training loss gives the test loss"),
    ],
    "1. What a batch buys, and what it costs": [
        ("N3.1", "the time that a small and a big batch take"),
    ],
}
