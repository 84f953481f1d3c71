"""What lesson 00 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="larger-family",
        says="a larger family holds more functions",
        lecture="S2: it may cover f*",
        theory="1 unit holds no hill, 4 units do",
    ),
    Claim(
        id="held-is-not-found",
        says="to find f* is another question",
        lecture="S2: is it possible to find f*?",
        theory="no theorem says it is found",
    ),
    Claim(
        id="optimization-is-not-learning",
        says="optimization is not learning",
        lecture="S3: optimization ≠ learning",
        theory="21 points lie on a polynomial of degree 20",
    ),
    Claim(
        id="not-convex",
        says="the loss of a network is not convex",
        lecture="S3, S4: not convex",
        theory="one midpoint above its ends is a proof",
    ),
    Claim(
        id="permuted-neurons",
        says="permuting neurons leaves the loss unchanged",
        lecture="S4: no change",
        theory="the same function",
    ),
    Claim(
        id="many-global-minima",
        says="at least exponentially many global minima",
        lecture="S4: in one network",
        theory="n!·2ⁿ for one tanh layer: 384 for n = 4",
    ),
    Claim(
        id="np-hard",
        says="non-convex optimization is NP-hard",
        lecture="S3: in general",
        theory="a worst case (Blum and Rivest 1992)",
        qualified="the worst case is hard, this one is not",
    ),
    Claim(
        id="non-convex-is-not-difficult",
        says="non-convex is not the same as difficult",
        lecture="S5: non-convex ≠ difficult",
        theory="no theorem for these sizes",
    ),
    Claim(
        id="no-guarantee",
        says="gradient descent gives no guarantee",
        lecture="S5: no guarantee",
        theory="it may stop in a bad place",
    ),
]

COVERS = {
    "00 · Start here": [
        ("S1", "the lecture: why training works, stalls and fails"),
    ],
    "4. Held is not found": [
        ("S2", "three families of functions, one target: expressible is not found"),
    ],
    "5. Found is not learned": [
        ("S3", "the loss of a network is not convex; optimization is not learning"),
    ],
    "7. Hard in theory, and yet it works": [
        ("S3", "why gradient descent works although non-convex optimization is NP-hard"),
        ("S5", "non-convex does not mean difficult"),
    ],
    "6. Copies of a network": [
        (
            "S4",
            "exchanging hidden units leaves the loss as it is: exponentially many global minima",
        ),
    ],
    "3. The map": [
        ("S6", "the outline: the map of the course"),
    ],
}
