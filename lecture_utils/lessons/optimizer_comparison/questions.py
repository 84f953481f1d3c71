"""Predictions and exercises of notebook 07."""

import numpy as np

from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="first_step",
        question="The note's RMS rule with α = 0.1 meets its very first gradient, g = 4. How long "
        "is the step? And had it been g = 0.004?",
        options={
            "0.4 and 0.0004": "So long they would be without the division by σ.",
            "0.1 both times": "σ⁰ = |g⁰|, so g/σ is +1 or −1: the first step has length α, "
            "whatever the gradient.",
            "0.025 and 25": "Only g is divided by σ = |g|; that leaves the sign, not 1/g.",
        },
        answer="0.1 both times",
        reveal="The same holds for RMSProp as the note writes it, and for Adam.",
    ),
    Prediction(
        name="as_printed",
        question="The note's last rule is θ ← θ − (α/σ) m, with m the <i>movement</i> of momentum, "
        "m ← λm − αg. Taken at its word, what does it do on a bowl?",
        options={
            "it climbs": "m holds −αg, and −(−αg) points uphill.",
            "it stands still": "m is not zero, and neither is α/σ.",
            "it descends fast": "Look at the signs: m already points downhill.",
        },
        answer="it climbs",
    ),
    Prediction(
        name="long_run",
        question="Momentum with λ = 0.9 slides down an even slope: the gradient is always the "
        "same. How long are its steps in the end, compared with gradient descent's?",
        options={
            "as long": "That would be an <i>average</i> of the gradients, with weights that sum "
            "to 1. The weights of the note's m are 1, 0.9, 0.81, …",
            "1.9 times as long": "That is the second step only: 1 + 0.9.",
            "10 times as long": "The weights 1 + 0.9 + 0.81 + … sum to 1/(1 − 0.9) = 10.",
            "they grow for ever": "Each step adds one unit, but friction takes a tenth away: at "
            "ten units both are equal.",
        },
        answer="10 times as long",
    ),
    Prediction(
        name="threshold",
        question="On a quadratic whose largest eigenvalue is 100, gradient descent diverges "
        "for η above 2/100 = 0.02. From which η on does momentum with λ = 0.9 diverge?",
        options={
            "0.002": "A natural guess: its steps are ten times as long on an even slope. But at "
            "the edge of divergence the gradient changes sign at every step.",
            "0.02": "It would be so if momentum did not matter for stability.",
            "0.038": "2(1 + λ)/100: where the gradient alternates, the past movement points "
            "against the gradient step and shortens it.",
            "0.2": "Momentum does help, but not by a factor of ten.",
        },
        answer="0.038",
    ),
    Prediction(
        name="rotation",
        question="A narrow ravine runs along a coordinate axis. We turn it by 45° and tune every "
        "method's learning rate again. Who needs far more steps than before?",
        options={
            "gradient descent": "It knows no axes: turn surface and start, and the whole path "
            "turns with them, step by step.",
            "momentum": "It adds up gradients, which turn with the surface.",
            "RMS": "It scales each coordinate by itself. In the turned ravine both coordinates "
            "are equally steep, so there is nothing to scale.",
            "all of them": "Two of them do not notice at all.",
        },
        answer="RMS",
        reveal="The next cell also tells how RMSProp and Adam fare.",
    ),
]


# --- 1: the root mean square without a memory of all gradients ------------------------------------


def running_rms(sigma, i, g):
    return np.sqrt((i * sigma**2 + g**2) / (i + 1))


_RMS_INPUTS = [
    (np.array([4.0]), 1, np.array([2.0])),
    (np.array([3.0, 1.0]), 2, np.array([-1.0, 0.5])),
    (np.array([0.5, 2.0]), 9, np.array([3.0, -2.0])),
    (np.array([1.5, 0.0, 0.7, 2.0]), 4, np.array([-0.3, 2.0, 0.0, 1.1])),
]

# --- 2: momentum ----------------------------------------------------------------------------------


def momentum_step(theta, m, g, rate, decay):
    m = decay * m - rate * g
    return theta + m, m


_MOMENTUM_INPUTS = [
    (np.array([1.0, 2.0]), np.zeros(2), np.array([4.0, -1.0]), 0.1, 0.9),
    (np.array([1.0, -1.0]), np.array([0.5, 0.2]), np.array([2.0, 1.0]), 0.3, 0.5),
    (np.array([0.4, 0.0, -2.5]), np.array([0.3, -0.7, 0.0]), np.array([1.2, 0.5, 0.0]), 0.2, 0.8),
    (np.array([1.5]), np.array([-0.4]), np.array([0.6]), 0.5, 0.0),
]

# --- 3: the largest stable learning rate ----------------------------------------------------------


def largest_rate(H, decay):
    return 2 * (1 + decay) / np.linalg.eigvalsh(H)[-1]


_HESSIANS = [
    (np.diag([1.0, 100.0]), 0.0),
    (np.diag([1.0, 100.0]), 0.9),
    (np.array([[13.0, -12.0], [-12.0, 13.0]]), 0.5),
    (np.diag([3.0, 2.0, 1.0]), 0.3),
    (np.array([[2.5, 1.0, -0.5], [1.0, 3.0, 1.2], [-0.5, 1.2, 1.4]]), 0.8),
    (np.array([[0.4]]), 0.2),
]

# --- 4: a schedule --------------------------------------------------------------------------------


def warm_up_cosine(i, rate, warm, total):
    if i < warm:
        return rate * i / warm
    return rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2


_SCHEDULE_INPUTS = [(i, 0.3, 10, 50) for i in (0, 4, 9, 10, 11, 23, 50)] + [
    (7, 1.0, 5, 20),
    (2, 1.5, 3, 9),
]

# --- 5: the note's Adam, mended -------------------------------------------------------------------


def adam_step(m, v, i, g, rate):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))
    return -rate * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def _adam_wrong(
    m, v, i, g, rate, *, sign=-1, power=1, correct=(True, True), root=np.sqrt, weight=0.1,
    small=(0, 1e-8), betas=(0.9, 0.999), share=0.001, hats=False,
):  # fmt: skip
    m = betas[0] * m + weight * g
    v = betas[1] * v + share * g**2
    m_hat = m / (1 - betas[0] ** (i + power)) if correct[0] else m
    v_hat = v / (1 - betas[1] ** (i + power)) if correct[1] else v
    step = sign * rate * m_hat / (root(v_hat + small[0]) + small[1])
    return (step, m_hat, v_hat) if hats else (step, m, v)


def _as_printed(m, v, i, g, rate):
    """The note's formula to the letter: a movement for m, its square for v, and a minus again."""
    m = 0.9 * m - rate * g
    v = 0.999 * v + 0.001 * g**2
    return -rate * m / np.sqrt(v), m, v


def _adam_given(function):
    """What Adam's three results become."""
    return lambda *a: function(*adam_step(*a))


_ADAM_INPUTS = [
    (np.zeros(2), np.zeros(2), 0, np.array([4.0, -0.1]), 0.01),
    (np.array([0.4, 0.1]), np.array([0.016, 0.002]), 1, np.array([2.0, 1.0]), 0.01),
    (np.array([0.5, -0.3]), np.array([0.02, 0.03]), 5, np.array([-1.0, 2.0]), 0.1),
    (np.array([0.2, -0.4, 0.0]), np.array([0.3, 0.1, 0.2]), 3, np.array([0.0, 2.5, -1.0]), 0.02),
    (np.zeros(2), np.zeros(2), 0, np.array([1e-8, -3e-8]), 0.01),
    (np.array([2e-9, -1e-9]), np.array([3e-19, 2e-19]), 2, np.array([1e-8, 2e-8]), 0.05),
]

EXERCISES = [
    Exercise(
        name="running_rms",
        title="σ without a memory (easy)",
        task="The note's σⁱ is the root mean square of g⁰, …, gⁱ. Return it from σⁱ⁻¹ "
        "(<code>sigma</code>), the number i ≥ 1, and gⁱ (<code>g</code>) alone.",
        hints=(
            "The mean of the first i squares is σ², so their sum is iσ².",
            "Add the new square to that sum. How many squares are there now?",
        ),
        solution=running_rms,
        inputs=_RMS_INPUTS,
        mistakes={
            "you gave the newest gradient half of the weight: among i + 1 gradients its share is "
            "1/(i + 1)": lambda sigma, i, g: np.sqrt((sigma**2 + g**2) / 2),
            "that is the root of the sum (Adagrad's): divide by the number of gradients": (
                lambda sigma, i, g: np.sqrt(i * sigma**2 + g**2)
            ),
            "you counted i gradients; with g⁰ there are i + 1": (
                lambda sigma, i, g: np.sqrt(((i - 1) * sigma**2 + g**2) / i)
            ),
            "the root is missing: that is σ²": lambda sigma, i, g: running_rms(sigma, i, g) ** 2,
            "you averaged σ and |g|; the mean is that of the squares": (
                lambda sigma, i, g: (i * sigma + np.abs(g)) / (i + 1)
            ),
            "you averaged σ and g; the mean is that of the squares": (
                lambda sigma, i, g: (i * sigma + g) / (i + 1)
            ),
            "σ enters squared, as g does": lambda sigma, i, g: np.sqrt(
                (i * sigma + g**2) / (i + 1)
            ),
            "the division belongs under the root": lambda sigma, i, g: (
                np.sqrt(i * sigma**2 + g**2) / (i + 1)
            ),
            "the old squares are missing but for one: their sum is iσ²": lambda sigma, i, g: (
                np.sqrt((sigma**2 + g**2) / (i + 1))
            ),
            "the weights are exchanged: the past counts i times, the new gradient once": (
                lambda sigma, i, g: np.sqrt((sigma**2 + i * g**2) / (i + 1))
            ),
            "there were i gradients before this one, g⁰ to gⁱ⁻¹, not i + 1": (
                lambda sigma, i, g: np.sqrt(((i + 1) * sigma**2 + g**2) / (i + 2))
            ),
            "that is RMSProp's average, which forgets; the note's σ counts all gradients alike": (
                lambda sigma, i, g: np.sqrt(0.9 * sigma**2 + 0.1 * g**2)
            ),
            "only the sum of squares is divided by the number of gradients, and σ² is no sum": (
                lambda sigma, i, g: np.sqrt(sigma**2 + g**2 / (i + 1))
            ),
        },
        equivalent={
            "a root is not negative": ["the answer → np.abs(…)", "the answer → np.maximum(…, 0)"],
            "σ and i are not negative, and g enters squared": [
                "sigma: unsigned",
                "sigma: without negative ones",
                "i: unsigned",
                "g: unsigned",
            ],
        },
        why="So the note's rule needs one number per parameter, not the whole past.",
    ),
    Exercise(
        name="momentum_step",
        title="momentum (easy)",
        task="Return the new θ and the new movement m after one step of the note's momentum, with "
        "learning rate α (<code>rate</code>) and λ (<code>decay</code>).",
        hints=(
            "First the movement: a part λ of the last one, and a step against the gradient.",
            "Then θ moves by the <i>new</i> movement.",
        ),
        solution=momentum_step,
        inputs=_MOMENTUM_INPUTS,
        mistakes={
            "the gradient has the wrong sign: your ball rolls uphill": (
                lambda theta, m, g, rate, decay: (
                    theta + decay * m + rate * g,
                    decay * m + rate * g,
                )
            ),
            "you moved θ by the old movement; it moves by the new one": (
                lambda theta, m, g, rate, decay: (theta + m, decay * m - rate * g)
            ),
            "you weighed the gradient by 1 − λ: that is an average, which the note's m is not": (
                lambda theta, m, g, rate, decay: (
                    theta + decay * m - (1 - decay) * rate * g,
                    decay * m - (1 - decay) * rate * g,
                )
            ),
            "you subtracted the movement; it already points downhill": (
                lambda theta, m, g, rate, decay: (
                    theta - decay * m + rate * g,
                    decay * m - rate * g,
                )
            ),
            "the learning rate is missing": lambda theta, m, g, rate, decay: (
                theta + decay * m - g,
                decay * m - g,
            ),
            "that is momentum as PyTorch has it, m ← λm + g and θ ← θ − αm; the note's m is the "
            "movement itself": lambda theta, m, g, rate, decay: (
                theta - rate * (decay * m + g),
                decay * m + g,
            ),
            "that is an average of gradients, m ← λm + (1 − λ)g; the note's m is the movement "
            "itself": lambda theta, m, g, rate, decay: (
                theta - rate * (decay * m + (1 - decay) * g),
                decay * m + (1 - decay) * g,
            ),
            "θ is right, and the movement has the wrong sign": lambda theta, m, g, rate, decay: (
                theta + decay * m - rate * g,
                rate * g - decay * m,
            ),
            "the results are two: θ and the movement m": (
                lambda theta, m, g, rate, decay: theta + decay * m - rate * g
            ),
            "the results are exchanged: first θ, then m": lambda theta, m, g, rate, decay: (
                decay * m - rate * g,
                theta + decay * m - rate * g,
            ),
            "you handed back the old movement; the next step needs the new one": (
                lambda theta, m, g, rate, decay: (theta + decay * m - rate * g, m)
            ),
            "only a part λ of the last movement is kept": lambda theta, m, g, rate, decay: (
                theta + m - rate * g,
                m - rate * g,
            ),
            "that is gradient descent: θ moves by the whole movement, the past included": (
                lambda theta, m, g, rate, decay: (theta - rate * g, decay * m - rate * g)
            ),
            "that is Nesterov's variant, which looks one movement ahead": (
                lambda theta, m, g, rate, decay: (
                    theta + decay * (decay * m - rate * g) - rate * g,
                    decay * m - rate * g,
                )
            ),
            "λ belongs to the last movement alone, not to the gradient": (
                lambda theta, m, g, rate, decay: (
                    theta + decay * (m - rate * g),
                    decay * (m - rate * g),
                )
            ),
            "1 − λ is what friction takes; a part λ of the last movement is left": (
                lambda theta, m, g, rate, decay: (
                    theta + (1 - decay) * m - rate * g,
                    (1 - decay) * m - rate * g,
                )
            ),
        },
        equivalent={
            "the learning rate is positive": ["rate: unsigned"],
            "λ is not negative": ["decay: unsigned"],
        },
    ),
    Exercise(
        name="largest_rate",
        title="the edge of divergence (medium)",
        task="Return the learning rate above which momentum with λ = <code>decay</code> diverges "
        "on the quadratic ½ θᵀHθ, for a symmetric H with positive eigenvalues (λ = 0 is gradient "
        "descent).",
        hints=(
            "Each eigendirection is a quadratic of one variable, and the steepest goes first.",
            "For gradient descent |1 − ηL| < 1 gives η < 2/L. At the edge the gradient changes its "
            "sign at every step: does the past movement make the step longer or shorter?",
        ),
        solution=largest_rate,
        inputs=_HESSIANS,
        mistakes={
            "that is gradient descent's threshold 2/L; momentum changes it": (
                lambda H, decay: 2 / np.linalg.eigvalsh(H)[-1]
            ),
            "you took the smallest eigenvalue; the steepest direction diverges first": (
                lambda H, decay: 2 * (1 + decay) / np.linalg.eigvalsh(H)[0]
            ),
            "momentum raises the threshold, by 1 + λ; you lowered it": (
                lambda H, decay: 2 * (1 - decay) / np.linalg.eigvalsh(H)[-1]
            ),
            "you took the largest entry on the diagonal of H, which is no eigenvalue once the "
            "ravine is turned": lambda H, decay: 2 * (1 + decay) / np.max(np.diag(H)),
            "that is the best rate of gradient descent, 2/(μ + L), not the largest stable one": (
                lambda H, decay: 2 / (np.linalg.eigvalsh(H)[0] + np.linalg.eigvalsh(H)[-1])
            ),
            "steps are 1/(1 − λ) times as long on an even slope; at the edge the gradient changes "
            "its sign, and the factor is 1 + λ": (
                lambda H, decay: 2 * (1 - decay) ** -1 / np.linalg.eigvalsh(H)[-1]
            ),
            "you divided by 1 + λ: momentum raises the threshold": (
                lambda H, decay: 2 / (1 + decay) / np.linalg.eigvalsh(H)[-1]
            ),
            "the largest sum of a column bounds the eigenvalues, but is none": (
                lambda H, decay: 2 * (1 + decay) / np.linalg.norm(H, 1)
            ),
            "the root of the sum of all squares is no eigenvalue": (
                lambda H, decay: 2 * (1 + decay) / np.linalg.norm(H)
            ),
            "the trace is the sum of all eigenvalues; the largest one decides": (
                lambda H, decay: 2 * (1 + decay) / np.trace(H)
            ),
            "you took the mean of the largest and the smallest eigenvalue; the largest decides": (
                lambda H, decay: (
                    4 * (1 + decay) / (np.linalg.eigvalsh(H)[0] + np.linalg.eigvalsh(H)[-1])
                )
            ),
        },
        equivalent={
            "the eigenvalues are positive": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
            ],
            "H is symmetric": ["H: transposed", "H: symmetrized"],
            "λ is not negative": ["decay: unsigned"],
        },
    ),
    Exercise(
        name="warm_up_cosine",
        title="warm up, then cool down (medium)",
        task="Return the learning rate after i steps: it rises on a straight line from 0 to "
        "<code>rate</code> at step <code>warm</code>, then falls along half a cosine to 0 at step "
        "<code>total</code> (0 ≤ i ≤ total).",
        hints=(
            "Two cases: i < warm, and the rest. In the first, the share i/warm of the way is done.",
            "Half a cosine, (1 + cos πx)/2, falls from 1 at x = 0 to 0 at x = 1. Which share x of "
            "the second part is done at step i?",
        ),
        solution=warm_up_cosine,
        inputs=_SCHEDULE_INPUTS,
        mistakes={
            "your cosine starts at step 0; it must start when the warm-up ends": (
                lambda i, rate, warm, total: (
                    rate * i / warm if i < warm else rate * (1 + np.cos(np.pi * i / total)) / 2
                )
            ),
            "your cosine goes down to −rate: use (1 + cos)/2": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * np.cos(np.pi * (i - warm) / (total - warm))
                )
            ),
            "your cosine lasts total steps; it has only total − warm": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / total)) / 2
                )
            ),
            "there is no warm-up: the rate starts at its full height": (
                lambda i, rate, warm, total: (
                    rate
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2
                )
            ),
            "half a cosine was asked for; yours falls on a straight line": (
                lambda i, rate, warm, total: (
                    rate * i / warm if i < warm else rate * (total - i) / (total - warm)
                )
            ),
            "yours is a quarter of a cosine: half of one goes from 1 to −1, over an angle of π": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * np.cos(np.pi * (i - warm) / (total - warm) / 2)
                )
            ),
            "1 + cos falls from 2 to 0: the division by 2 is missing": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / (total - warm)))
                )
            ),
            "the angle goes up to π: without it the cosine falls little": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * (1 + np.cos((i - warm) / (total - warm))) / 2
                )
            ),
            "your cosine goes up: at the end of the warm-up it has to be 1": (
                lambda i, rate, warm, total: (
                    rate * i / warm
                    if i < warm
                    else rate * (1 - np.cos(np.pi * (i - warm) / (total - warm))) / 2
                )
            ),
            "the warm-up starts at 0: after i steps the share i/warm is done, not (i + 1)/warm": (
                lambda i, rate, warm, total: (
                    rate * (i + 1) / warm
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2
                )
            ),
            "the warm-up ends at step warm, not at step total": (
                lambda i, rate, warm, total: (
                    rate * i / total
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2
                )
            ),
            "after the warm-up the rate stays at its height; it has to fall": (
                lambda i, rate, warm, total: rate * min(i / warm, 1)
            ),
            "there is a warm-up alone": lambda i, rate, warm, total: rate * i / warm,
            "the rate of the warm-up is a share of rate: multiply by it": (
                lambda i, rate, warm, total: (
                    i / warm
                    if i < warm
                    else rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2
                )
            ),
        },
        equivalent={
            "at i = warm both cases say rate": ["i < warm → i <= warm"],
            "a cosine does not know the sign of its angle": [
                "i - warm → warm - i",
                "total - warm → warm - total",
            ],
            "warm ≤ i ≤ total in the second case": [
                "i - warm → np.abs(i - warm)",
                "total - warm → np.abs(total - warm)",
            ],
            "a rate and numbers of steps are not negative": [
                "the answer → np.abs(…)",
                "the answer → np.maximum(…, 0)",
                "the answer → np.abs(…) (2)",
                "the answer → np.maximum(…, 0) (2)",
                "i: unsigned",
                "rate: unsigned",
                "warm: unsigned",
                "total: unsigned",
            ],
        },
        why="It is <code>optimizers.warm_up(warm, optimizers.cosine_decay(rate, total − warm))"
        "</code>.",
    ),
    Exercise(
        name="adam_step",
        title="mend the note's Adam (hard)",
        task="Return Adam's step (to be <i>added</i> to θ) and the new means m and v, for "
        "β₁ = 0.9, β₂ = 0.999, ε = 10⁻⁸. <code>m</code> and <code>v</code> are the means before, "
        "i the number of steps before this one, g the gradient.",
        hints=(
            "m is an average of gradients, 0.9 m + 0.1 g, with no learning rate and no minus in "
            "it. v is the same for g², with 0.999 and 0.001.",
            "Both start at 0 and are too small at first: divide them by 1 − 0.9ⁱ⁺¹ and "
            "1 − 0.999ⁱ⁺¹ (only for the step; hand back m and v as they are).",
            "The step has the size α where the gradient is always the same: divide the corrected m "
            "by the root of the corrected v, and add ε to that root. Which sign goes down?",
        ),
        solution=adam_step,
        inputs=_ADAM_INPUTS,
        atol=1e-25,
        mistakes={
            "your step climbs: m is an average of gradients, so subtract it": (
                lambda *a: _adam_wrong(*a, sign=1)
            ),
            "the bias correction is missing: at first m and v are far too small": (
                lambda *a: _adam_wrong(*a, correct=(False, False))
            ),
            "only v is corrected: m is too small at first, too": (
                lambda *a: _adam_wrong(*a, correct=(False, True))
            ),
            "only m is corrected: v is too small at first, too": (
                lambda *a: _adam_wrong(*a, correct=(True, False))
            ),
            "ε is added to the root, not under it": lambda *a: _adam_wrong(*a, small=(1e-8, 0)),
            "ε is missing: where the gradients are tiny it decides the step": (
                lambda *a: _adam_wrong(*a, small=(0, 0))
            ),
            "the corrected means are for the step alone: hand back m and v as they are": (
                lambda *a: _adam_wrong(*a, hats=True)
            ),
            "v is an average too: the new square has the weight 0.001": (
                lambda *a: _adam_wrong(*a, share=1.0)
            ),
            "β₁ and β₂ are exchanged: m forgets in 10 steps, v in 1000": (
                lambda *a: _adam_wrong(*a, betas=(0.999, 0.9), weight=0.001, share=0.1)
            ),
            "that is the note's formula as printed: m is a movement with −α in it, and a minus "
            "before it climbs": _as_printed,
            "the step is multiplied by the learning rate α": (
                lambda m, v, i, g, rate: _adam_wrong(m, v, i, g, 1.0)
            ),
            "the step comes first, then m, then v": _adam_given(lambda step, m, v: (m, v, step)),
            "m and v are exchanged": _adam_given(lambda step, m, v: (step, v, m)),
            "the correction counts this step too: 1 − 0.9ⁱ⁺¹, not 1 − 0.9ⁱ": (
                lambda *a: _adam_wrong(*a, power=0)
            ),
            "you divided by v̂; its root is needed": lambda *a: _adam_wrong(*a, root=lambda v: v),
            "you added the whole gradient to 0.9 m; in an average it has the weight 0.1": (
                lambda *a: _adam_wrong(*a, weight=1.0)
            ),
        },
        equivalent={
            "a power of 0.9 or 0.999 is below 1": [
                "1 - 0.9 ** (i + 1) → np.abs(1 - 0.9 ** (i + 1))",
                "1 - 0.999 ** (i + 1) → np.abs(1 - 0.999 ** (i + 1))",
            ],
            "an average of squares is not negative": [
                "result 2 → np.abs(…)",
                "result 2 → np.maximum(…, 0)",
                "v: unsigned",
                "v: without negative ones",
            ],
            "numbers of steps and rates are not negative": ["i: unsigned", "rate: unsigned"],
        },
        why="Compared with the note: an average instead of a movement, a minus that stays a minus, "
        "α once, and a correction of the start.",
    ),
]

lesson = Lesson(
    "07_optimizer_comparison",
    title="Seven ways down",
    question="Which optimizer should take the steps, and why?",
    minutes=(45, 90),
    needs="01",
    sources="N3.2",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
