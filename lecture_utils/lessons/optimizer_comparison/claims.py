"""What lesson 07 claims, and which slides and sections it covers."""

from lecture_utils.studio.claims import Claim

CLAIMS = [
    Claim(
        id="vanilla-step",
        says="vanilla gradient descent is θ − ∇L",
        lecture="N3.2.1: the next θ is θ minus the gradient",
        theory="diverges if λ_max > 2",
        slip="the learning rate is missing; with one below 2/λ_max it descends",
    ),
    Claim(
        id="stuck-on-the-ridge",
        says="gradient descent gets stuck in a critical point",
        lecture="N3.2.1: it stops at a critical point, also where that is no minimum",
        theory="only from the stable manifold, of measure zero (Lee et al. 2016)",
        qualified="only exactly from its stable manifold; momentum then too",
    ),
    Claim(
        id="fading-sum",
        says="m is a linear combination of past gradients",
        lecture="N3.2.2: the movement is a linear combination of all gradients before",
        theory="weights λᵃᵍᵉ",
    ),
    Claim(
        id="small-hills",
        says="momentum can cross small hills",
        lecture="N3.2.2: it sometimes gets across small hills to lower places",
        theory="if E allows it",
    ),
    Claim(
        id="one-rate",
        says="one learning rate for all parameters is unwise",
        lecture="N3.2.3: one learning rate for all parameters and all the time is not wise",
        theory="a rate for each helps along the axes",
        qualified="along the axes; in the turned ravine the one rate does better",
    ),
    Claim(
        id="root-kappa",
        says="momentum needs √κ steps where gradient descent needs κ",
        lecture="ours (Polyak 1964)",
        theory="on quadratics, with the best constants",
        qualified="on quadratics, with the best constants",
    ),
    Claim(
        id="momentum-edge",
        says="momentum's own edge of divergence",
        lecture="ours",
        theory="2(1 + β)/λ_max",
    ),
    Claim(
        id="turned-ravine",
        says="a rate for each parameter fits steep and flat parameters",
        lecture="N3.2.3: a learning rate fitted to each parameter",
        theory="axes only",
        qualified="RMS gains only where axes and ravine agree",
    ),
    Claim(
        id="rms",
        says="σ is the root mean square of all gradients",
        lecture="N3.2.3: σ is the root mean square of all gradients so far",
        theory="4, 3.162, 2.646",
    ),
    Claim(
        id="rmsprop-weight",
        says="in RMSProp k is the weight of the gradient at this point",
        lecture="N3.2.3: k says how much the gradient at this point weighs",
        theory="weight 1 − k",
        slip="the gradient at this point weighs 1 − k, the past k",
    ),
    Claim(
        id="late-and-overshooting",
        says="flat: large steps; steep: no overshooting",
        lecture="N3.2.3: large σ where it is steep avoids overshooting, small σ stopping",
        theory="with a delay",
        qualified="RMSProp, late; it overshoots",
    ),
    Claim(
        id="schedules",
        says="schedules help: decay, warm-up",
        lecture="N3.2.3: the learning rate itself may change: decay and warm-up are common",
        theory="settle, no jump",
        qualified="warm-up: at large rates only",
    ),
    Claim(
        id="adam-as-printed",
        says="Adam is θ − (α/σ) m",
        lecture="N3.2.3, last formula: the movement m, divided by σ, is subtracted",
        theory="it climbs",
        slip="m has to be an average of the gradients, not the movement, which already holds −α",
    ),
    Claim(
        id="most-used",
        says="RMSProp and momentum with σ are the most used",
        lecture="N3.2.3: in practice RMSProp is more common, the last formula among the most",
        theory="none",
        untested="a count of which optimizers published models were trained with",
    ),
    Claim(
        id="adaptive-ahead",
        says="each tuned, RMSProp and Adam end below gradient descent on digits",
        lecture="ours",
        theory="none",
    ),
    Claim(
        id="fair-tuning",
        says="at one learning rate for all the ranking is another one",
        lecture="ours",
        theory="each has a valley of rates of its own",
        fresh="9 confirmed, 1 not reproduced",
    ),
]

COVERS = {
    "3. Momentum remembers": [
        ("N3.2", "escaping from critical points"),
        ("N3.2.2", "momentum"),
    ],
    "2. Two formulas of the note": [
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
