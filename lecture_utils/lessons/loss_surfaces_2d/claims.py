"""What lesson 06 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CIFAR = "the lecture's six-layer network on CIFAR-10; the optional cell of this notebook trains it"

CLAIMS = [
    Claim(
        id="two-directions",
        says="a picture in 2 of 3466 directions",
        lecture="S57, S74: pictures help to understand the error surface",
        theory="a random plane shows about 2/3466",
        qualified="if the plane is chosen well",
    ),
    Claim(
        id="random-misses-sharp",
        says="random planes miss the sharp directions",
        lecture="ours",
        theory="mean curvature tr H / N",
    ),
    Claim(
        id="random-walk",
        says="a random walk, too, lies mostly in its PCA plane; the path far more so",
        lecture="ours (Antognini and Sohl-Dickstein 2018)",
        theory="76 % for a long walk of equal steps",
    ),
    Claim(
        id="scale",
        says="sharpness depends on the scale",
        lecture="ours (Dinh et al. 2017)",
        theory="λ_max grows up to a²",
    ),
    Claim(
        id="filter-normalization",
        says="filter normalization undoes the rescaling",
        lecture="ours (Li et al. 2018, from the list on S72)",
        theory="exactly, for ReLU",
    ),
    Claim(
        id="similar-loss",
        says="strategies lead to similar loss",
        lecture="S64: other starts and other strategies usually lead to a similar loss",
        theory="–",
        qualified="all small beside ln 10, yet several times apart",
    ),
    Claim(
        id="eight-percent",
        says="from one start, different strategies disagree on 8 % of the predictions",
        lecture="S66: 8 % disagreement (CIFAR-10)",
        theory="–",
        untested=CIFAR,
    ),
    Claim(
        id="disagreement-is-the-task",
        says="how much they disagree is a matter of the task",
        lecture="ours",
        theory="harder tasks leave more open",
    ),
    Claim(
        id="more-than-chance",
        says="another optimizer disagrees more than another order of the minibatches",
        lecture="ours",
        theory="–",
        fresh="4 confirmed, 6 open",
    ),
    Claim(
        id="strategies-basins",
        says="different strategies end in different basins",
        lecture="S67: different strategies, different basins (CIFAR-10)",
        theory="small tasks are stable from the start (Frankle et al. 2020)",
        untested=CIFAR,
    ),
    Claim(
        id="one-start-no-barrier",
        says="on the digits no straight-line barrier lies between optimizers from one start",
        lecture="ours (Frankle et al. 2020)",
        theory="stable from initialization",
    ),
    Claim(
        id="noise-raises-a-barrier",
        says="wrong labels and larger rates raise one between SGD and Adam",
        lecture="ours",
        theory="more noise, less stable",
    ),
    Claim(
        id="starts-basins",
        says="between the ends of different starts lies a straight-line barrier",
        lecture="S60: two starting points, two solutions, a hill between them",
        theory="permutations of units",
        qualified="before aligning the units (notebook 05)",
    ),
    Claim(
        id="every-stage",
        says="strategy matters at all stages",
        lecture="S68: the training strategy makes a difference at all stages",
        theory="–",
        qualified="in where it ends; the straight-line barriers stay small",
    ),
    Claim(
        id="adam-basin",
        says="larger basin for Adam",
        lecture="S69: Adam's basin is the larger one",
        theory="–",
        fresh="6 not reproduced, 4 open",
    ),
    Claim(
        id="batch-norm",
        says="batch normalization helps depth",
        lecture="S70: pictures with and without batch normalization",
        theory="–",
    ),
    Claim(
        id="skips",
        says="skip connections help depth",
        lecture="S71: pictures with and without skip connections",
        theory="–",
    ),
    Claim(
        id="sixteen-fail",
        says="without them 16 layers fail",
        lecture="ours",
        theory="–",
    ),
    Claim(
        id="skips-simple",
        says="skips make the surface simple",
        lecture="S71: with skips the picture is a smooth bowl (Li et al.)",
        theory="–",
        qualified="on random slices",
        fresh="2 qualified, 8 open",
    ),
]

COVERS = {
    "1. One network, four planes": [
        ("S57", "error surfaces in pictures"),
    ],
    "2. One function, other weights": [
        ("S72", "filter normalization (Li et al.), from the list of references"),
    ],
    "3. Different strategies, different ends?": [
        ("S64", "different initializations lead to a similar loss"),
        ("S65", "different strategies from the same initialization"),
        ("S66", "how much their predictions disagree (8 %)"),
    ],
    "The same on a noisier task": [
        ("S66", "how much they disagree on a harder task"),
    ],
    "The triangle through three ends": [
        ("S67", "different strategies, different basins?"),
    ],
    "Switch the optimizer on the way": [
        ("S68", "strategies matter at all stages: switching the optimizer"),
        ("S69", "a larger basin for Adam?"),
    ],
    "4. Batch normalization and skip connections": [
        ("S70", "batch normalization"),
        ("S71", "skip connections"),
    ],
}
