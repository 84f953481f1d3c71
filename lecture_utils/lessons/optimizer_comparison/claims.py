"""What lesson 07 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="vanilla-step",
        says="vanilla step θ − ∇L",
        lecture="N3.2.1",
        theory="diverges if L > 2",
        qualified="needs a learning rate below 2/L",
    ),
    Claim(
        id="stuck-on-the-ridge",
        says="stuck in a critical point",
        lecture="N3.2.1",
        theory="only exactly on it",
        qualified="only exactly on it; momentum then too",
    ),
    Claim(
        id="fading-sum",
        says="m sums past gradients",
        lecture="N3.2.2",
        theory="weights λᵃᵍᵉ",
    ),
    Claim(
        id="small-hills",
        says="it can cross small hills",
        lecture="N3.2.2",
        theory="if E allows it",
    ),
    Claim(
        id="one-rate",
        says="one α for all is unwise",
        lecture="N3.2.3",
        theory="κ, not √κ, steps",
    ),
    Claim(
        id="momentum-edge",
        says="momentum's own edge",
        lecture="ours",
        theory="2(1 + β)/L",
    ),
    Claim(
        id="turned-ravine",
        says="a rate for each parameter",
        lecture="N3.2.3",
        theory="axes only",
        qualified="RMS gains only where axes and ravine agree",
    ),
    Claim(
        id="rms",
        says="σ: RMS of all gradients",
        lecture="N3.2.3",
        theory="4, 3.162, 2.646",
    ),
    Claim(
        id="rmsprop-weight",
        says="RMSProp; k weighs g here",
        lecture="N3.2.3",
        theory="weight 1 − k",
        qualified="the newest weighs 1 − k",
    ),
    Claim(
        id="late-and-overshooting",
        says="flat: large steps; steep: no overshooting",
        lecture="N3.2.3",
        theory="with a delay",
        qualified="RMSProp, late; it overshoots",
    ),
    Claim(
        id="schedules",
        says="schedules: decay, warm-up",
        lecture="N3.2.3",
        theory="settle, no jump",
        qualified="warm-up: at large rates only",
    ),
    Claim(
        id="adam-as-printed",
        says="Adam is θ − (α/σ) m",
        lecture="N3.2.3, last",
        theory="it climbs",
        slip="m has to be an average of the gradients, not the movement, which already holds −α",
    ),
    Claim(
        id="adaptive-ahead",
        says="RMSProp, Adam: most used",
        lecture="N3.2.3",
        theory="none",
        qualified="good; use was not measured",
    ),
]

COVERS = {
    "3. Momentum remembers": [
        ("N3.2", "escaping from critical points"),
        ("N3.2.2", "momentum"),
    ],
    "2. Two formulas to mend": [
        ("N3.2.1", "vanilla gradient descent"),
        ("N3.2.3", "Adam as it is printed, and as it is"),
    ],
    "1. Four rules, three gradients": [
        ("N3.2.3", "one learning rate for each parameter: RMS and RMSProp"),
    ],
    "5. One learning rate for each parameter?": [
        ("N3.2.3", "steep and flat: which rate for which parameter"),
    ],
    "7. Schedules": [
        ("N3.2.3", "learning-rate schedules"),
    ],
}
