"""What lesson 06 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="two-directions",
        says="a picture in 2 of 3466 directions",
        lecture="S57, S74: a way to understand",
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
        id="scale",
        says="sharpness depends on the scale",
        lecture="ours (Dinh et al. 2017)",
        theory="λ_max grows up to a²",
    ),
    Claim(
        id="filter-normalization",
        says="filter normalization undoes the rescaling",
        lecture="S72: Li et al.",
        theory="exactly, for ReLU",
    ),
    Claim(
        id="similar-loss",
        says="strategies lead to similar loss",
        lecture="S64",
        theory="–",
        qualified="all small beside ln 10, yet several times apart",
    ),
    Claim(
        id="eight-percent",
        says="same start: 8 % disagreement",
        lecture="S66: 8 %",
        theory="–",
    ),
    Claim(
        id="strategies-basins",
        says="different strategies, different basins",
        lecture="S67",
        theory="–",
    ),
    Claim(
        id="starts-basins",
        says="different starts, different basins",
        lecture="S60, S64",
        theory="permutations of units",
        qualified="before aligning the units (notebook 05)",
    ),
    Claim(
        id="every-stage",
        says="strategy matters at all stages",
        lecture="S68",
        theory="–",
        qualified="in place and loss; the basin is chosen early",
    ),
    Claim(
        id="adam-basin",
        says="larger basin for Adam",
        lecture="S69",
        theory="–",
    ),
    Claim(
        id="batch-norm",
        says="batch normalization helps depth",
        lecture="S70",
        theory="–",
    ),
    Claim(
        id="skips",
        says="skip connections help depth",
        lecture="S71",
        theory="–",
    ),
    Claim(
        id="sixteen-fail",
        says="without them 16 layers fail",
        lecture="S70–S71",
        theory="–",
    ),
    Claim(
        id="skips-simple",
        says="skips make the surface simple",
        lecture="S71 (Li et al.)",
        theory="–",
        qualified="on random slices",
    ),
]

COVERS = {
    "1. One network, four planes": [
        ("S57", "error surfaces in pictures"),
    ],
    "3. Different strategies, different basins?": [
        ("S64", "different initializations lead to a similar loss"),
        ("S65", "different strategies from the same initialization"),
        ("S66", "how much their predictions disagree (8 %)"),
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
    "Summary": [
        ("S72", "references"),
    ],
}
