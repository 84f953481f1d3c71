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
        "m ← λm − αg. What does it do on a bowl?",
        options={
            "it descends fast": "Look at the signs: m already points downhill.",
            "it descends, in steps that are too small": "α comes in twice, so the steps are "
            "small. But look at the signs.",
            "it climbs": "m holds −αg, and −(−αg) points uphill.",
        },
        answer="it climbs",
    ),
    Prediction(
        name="long_run",
        question="Momentum with λ = 0.97 has long been sliding down an even slope, where the "
        "gradient is always the same. How much of its next step is due to gradients that are more "
        "than 20 steps old?",
        options={
            "next to nothing": "That is a short memory: at λ = 0.5 it is 0.5²⁰, a millionth.",
            "about a tenth": "That is λ = 0.9: 0.9²⁰ = 0.12. The memory here is longer.",
            "about half": "The weights are 1, 0.97, 0.97², …, and those from the twentieth on are "
            "0.97²⁰ = 0.54 of their sum.",
            "nearly all": "Then the weights would hardly fade in 20 steps: 0.97²⁰ is 0.54.",
        },
        answer="about half",
    ),
    Prediction(
        name="threshold",
        question="On a quadratic whose largest eigenvalue is 100, gradient descent diverges "
        "for η above 2/100 = 0.02. From which η on does momentum with memory β = 0.9 diverge?",
        options={
            "0.002": "A natural guess: its steps are ten times as long on an even slope. But at "
            "the edge of divergence the gradient changes sign at every step.",
            "0.02": "It would be so if momentum did not matter for stability.",
            "0.038": "2(1 + β)/100: where the gradient alternates, the past movement points "
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
        reveal="What follows also tells how RMSProp and Adam fare.",
    ),
]

ROOM = [  # asked without a card
    Prediction(
        name="how_far_apart",
        question="Each of nine optimizers gets the learning rate that suits it best. How many "
        "times the smallest of these nine rates is the largest: up to ten times, up to a hundred "
        "times, or more?",
        options={
            "up to ten times": "So it would be if a learning rate meant the same in every rule. "
            "But the rules divide by different things.",
            "up to a hundred times": "That holds for gradient descent, near 1, and Adam, near "
            "0.02. The extremes lie farther apart.",
            "more": "A few hundred times: gradient descent is near 1, Lion near 0.002.",
        },
        answer="more",
    ),
    Prediction(
        name="first_five_steps",
        question="Adam trains once with its full rate from the first step on, and once with a rate "
        "that grows during the first 28 steps. What does the loss do in the first five steps: does "
        "it fall in both, rise in both, or rise in one of them?",
        options={
            "it falls in both": "At the full rate every parameter moves by α at once, which is too "
            "far here: the loss rises to several times its value.",
            "it rises in both": "With a rate that grows the first steps are short, and short steps "
            "downhill go down.",
            "it rises in one of them": "At the full rate it rises, to several times its value; "
            "with the rate that grows it falls.",
        },
        answer="it rises in one of them",
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

_RMS_MISTAKES = {
    "the squares under the root are i + 1: divide by i + 1, not by i": (
        lambda sigma, i, g: np.sqrt((i * sigma**2 + g**2) / i)
    ),
    "g enters squared, as σ does": lambda sigma, i, g: np.sqrt((i * sigma**2 + g) / (i + 1)),
    "the weight of σ² is right; g² has the weight 1/(i + 1), not 1": (
        lambda sigma, i, g: np.sqrt(i / (i + 1) * sigma**2 + g**2)
    ),
    "i counts squares: it multiplies σ² and is not squared itself": (
        lambda sigma, i, g: np.sqrt(((i * sigma) ** 2 + g**2) / (i + 1))
    ),
    "that is g/σ, what the step is made of; σ alone is asked for": (
        lambda sigma, i, g: g / running_rms(sigma, i, g)
    ),
    "`/ i + 1` divides by i and then adds 1: write `/ (i + 1)`": (
        lambda sigma, i, g: np.sqrt((i * sigma**2 + g**2) / i + 1)
    ),
    "only g² is divided by i + 1: brackets around the sum are missing": (
        lambda sigma, i, g: np.sqrt(i * sigma**2 + g**2 / (i + 1))
    ),
    "the squares add up; you subtracted g²": (
        lambda sigma, i, g: np.sqrt((i * sigma**2 - g**2) / (i + 1))
    ),
    "your root is that of i + 1 alone: take it of the whole fraction": (
        lambda sigma, i, g: i * sigma**2 + g**2 / (i + 1) ** 0.5
    ),
    "the change (g² − σ²)/(i + 1) belongs to σ², and you added it to σ; the root comes last": (
        lambda sigma, i, g: sigma + (g**2 - sigma**2) / (i + 1)
    ),
    "that is Adagrad's sum of squares; here σ² is a mean of i squares: it counts i times, and the "
    "sum is divided by i + 1": lambda sigma, i, g: np.sqrt(sigma**2 + g**2),
    "that is |g|, the newest gradient alone: the past, σ, is missing": (
        lambda sigma, i, g: np.abs(g)
    ),
    "the root is missing, and the squares are i + 1, not i": (
        lambda sigma, i, g: (i * sigma**2 + g**2) / i
    ),
    "σ enters squared, and the sum is divided by i + 1": (
        lambda sigma, i, g: np.sqrt(i * sigma + g**2)
    ),
    "σ enters squared, and you counted i gradients; with g⁰ there are i + 1": (
        lambda sigma, i, g: np.sqrt(((i - 1) * sigma + g**2) / i)
    ),
    "σ² counts i times, and the sum is divided by i + 1, not by i": (
        lambda sigma, i, g: np.sqrt((sigma**2 + g**2) / i)
    ),
}

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


def _moved(movement, step=lambda m: m):
    """θ moved by a step that a wrong movement gives, and the movement."""

    def wrong(theta, m, g, rate, decay):
        m = movement(m, g, rate, decay)
        return theta + step(m), m

    return wrong


def _kept(memory):
    """The right θ, and a wrong movement to hand back."""
    return lambda theta, m, g, rate, decay: (
        theta + decay * m - rate * g,
        memory(m, g, rate, decay),
    )


_MOMENTUM_MISTAKES = {
    "your m points uphill and is subtracted; the note's m is the movement itself, −αg and a part "
    "λ of the last one, and is added": _moved(lambda m, g, a, d: d * m + a * g, lambda m: -m),
    "the movement holds α already: θ moves by m, not by αm": (
        lambda theta, m, g, rate, decay: (
            theta + rate * (decay * m - rate * g),
            decay * m - rate * g,
        )
    ),
    "the movement that you hand back is the old one, made smaller: the step against the "
    "gradient belongs to it, too": _kept(lambda m, g, a, d: d * m),
    "the step against the gradient is taken twice: the movement holds it already": (
        lambda theta, m, g, rate, decay: (theta + decay * m - 2 * rate * g, decay * m - rate * g)
    ),
    "λ is no weight decay here: it keeps a part of the last movement": (
        lambda theta, m, g, rate, decay: (theta - rate * (g + decay * theta), m)
    ),
    "only the movement shrinks by λ, θ itself does not": lambda theta, m, g, rate, decay: (
        decay * theta + decay * m - rate * g,
        decay * m - rate * g,
    ),
    "your m has no α in it, as PyTorch's but for the sign; the note's m ← λm − αg is the movement "
    "itself": lambda theta, m, g, rate, decay: (theta + rate * (decay * m - g), decay * m - g),
    "a part λ of the last movement belongs to the new one; yours has nothing of it": (
        lambda theta, m, g, rate, decay: (theta - decay * rate * g, -rate * g)
    ),
    "θ is right; in the movement that you hand back the gradient has the wrong sign": _kept(
        lambda m, g, a, d: d * m + a * g
    ),
    "every entry of θ has a movement of its own: take no mean": _moved(
        lambda m, g, a, d: np.mean(d * m - a * g)
    ),
    "every entry has its own gradient: g, not g[0]": _moved(lambda m, g, a, d: d * m - a * g[0]),
    "the last movement has the wrong sign: a part +λ of it is kept": _moved(
        lambda m, g, a, d: -d * m - a * g
    ),
    "your m is PyTorch's, λm + g, which points uphill; the note's is the movement, λm − αg": (
        lambda theta, m, g, rate, decay: (theta + rate * (decay * m + g), decay * m + g)
    ),
    "α belongs to the gradient alone, in the movement and so in θ": (
        lambda theta, m, g, rate, decay: (theta + decay * m - g, rate * (decay * m - g))
    ),
    "the results are exchanged, and θ − m has the wrong sign": (
        lambda theta, m, g, rate, decay: (
            decay * m - rate * g,
            theta - (decay * m - rate * g),
        )
    ),
    "`rate` and `decay` are exchanged, and θ − m has the wrong sign": _moved(
        lambda m, g, a, d: a * m - d * g, lambda m: -m
    ),
}

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


def _edge(divisor):
    """The threshold with something else in place of the largest eigenvalue."""
    return lambda H, decay: 2 * (1 + decay) / divisor(H)


def _of_eigenvalues(formula):
    """A formula of λ, the smallest eigenvalue and the largest."""
    return lambda H, decay: formula(decay, *np.linalg.eigvalsh(H)[[0, -1]])


_EDGE_MISTAKES = {
    "a steep direction needs small steps: divide by the largest eigenvalue": _of_eigenvalues(
        lambda d, low, top: 2 * (1 + d) * top
    ),
    "brackets are missing: all of 2(1 + λ) is divided by the eigenvalue": _of_eigenvalues(
        lambda d, low, top: 2 + 2 * d / top
    ),
    "λ raises 2/L by the factor 1 + λ; you added it": _of_eigenvalues(
        lambda d, low, top: 2 / top + d
    ),
    "np.linalg.eig does not sort: its first eigenvalue need not be the largest": _edge(
        lambda H: np.linalg.eig(H)[0][0].real
    ),
    "the eigenvalue itself divides, not its root": _of_eigenvalues(
        lambda d, low, top: 2 * (1 + d) / np.sqrt(top)
    ),
    "from (1 + √λ)²/L on the two factors of a step are real again, but still smaller than 1: the "
    "edge is higher": _of_eigenvalues(lambda d, low, top: (1 + np.sqrt(d)) ** 2 / top),
    "from (1 − √λ)²/L on the iterates swing, but they still shrink: the edge is higher": (
        _of_eigenvalues(lambda d, low, top: (1 - np.sqrt(d)) ** 2 / top)
    ),
    "the determinant multiplies all eigenvalues; the largest one decides": _edge(np.linalg.det),
    "the first entry of H is no eigenvalue": _edge(lambda H: H[0, 0]),
    "you took the mean of all eigenvalues; the largest one decides": _edge(
        lambda H: np.trace(H) / len(H)
    ),
    "the condition number compares two eigenvalues; the edge is set by the largest alone": (
        _of_eigenvalues(lambda d, low, top: 2 * (1 + d) * low / top)
    ),
    "you divided by the square of the largest eigenvalue": _of_eigenvalues(
        lambda d, low, top: 2 * (1 + d) / top**2
    ),
    "the first result of np.linalg.svd are vectors; the singular values are the second": _edge(
        lambda H: np.linalg.svd(H)[0][0].max()
    ),
    "you took entries of the eigenvectors; np.linalg.eigh gives the eigenvalues first": (
        _edge(lambda H: np.linalg.eigh(H)[1].max())
    ),
    "you took the difference of the largest and the smallest eigenvalue; the largest decides": (
        _of_eigenvalues(lambda d, low, top: 2 * (1 + d) / (top - low))
    ),
    "you took the sum of the largest and the smallest eigenvalue; the largest decides": (
        _of_eigenvalues(lambda d, low, top: 2 * (1 + d) / (top + low))
    ),
    "the sum of the sizes of all entries is no eigenvalue": _edge(lambda H: np.sum(np.abs(H))),
    "the sum of all entries is no eigenvalue": _edge(np.sum),
    "one multiplication by H does not turn a vector into the top eigenvector: repeat it many "
    "times": _edge(lambda H: np.sum(H @ H @ H) / np.sum(H @ H)),
    "at λ = 0 yours is 0, but gradient descent's edge is 2/L: λ raises it by the factor 1 + λ": (
        _of_eigenvalues(lambda d, low, top: 2 * d / top)
    ),
    "1/L takes gradient descent to the bottom of the steepest direction in one step; the edge of "
    "divergence is farther": _of_eigenvalues(lambda d, low, top: 1 / top),
    "that is momentum's best rate for the best λ; asked for is the edge for the λ given": (
        _of_eigenvalues(lambda d, low, top: 4 / (np.sqrt(top) + np.sqrt(low)) ** 2)
    ),
    "momentum raises the threshold, by 1 + λ; and the largest eigenvalue decides, not the trace": (
        lambda H, decay: 2 * (1 - decay) / np.trace(H)
    ),
}

# --- 4: a schedule --------------------------------------------------------------------------------


def warm_up_cosine(i, rate, warm, total):
    if i < warm:
        return rate * i / warm
    return rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2


_SCHEDULE_INPUTS = [(i, 0.3, 10, 50) for i in (0, 4, 9, 10, 11, 23, 50)] + [
    (7, 1.0, 5, 20),
    (2, 1.5, 3, 9),
    (6, 1.0, 8, 10),  # a warm-up that is longer than the rest
    (2, 1.0, 6, 10),
]


def _line(i, rate, warm, total):
    return rate * i / warm


def _cosine(i, rate, warm, total):
    return rate * (1 + np.cos(np.pi * (i - warm) / (total - warm))) / 2


def _rises(line):
    """The right cosine after a wrong warm-up."""
    return lambda i, rate, warm, total: (line if i < warm else _cosine)(i, rate, warm, total)


def _falls(cosine):
    """The right warm-up, then another way down."""
    return lambda i, rate, warm, total: (_line if i < warm else cosine)(i, rate, warm, total)


def _shaped(shape):
    """The right warm-up, then a wrong share of rate, where a share x of the way down is done."""
    return _falls(lambda i, rate, warm, total: rate * shape((i - warm) / (total - warm)))


def _turned(angle):
    """The right warm-up, then half a cosine of a wrong angle."""
    return _falls(lambda i, rate, *steps: rate * (1 + np.cos(angle(i, *steps))) / 2)


def _optax_too_short(i, rate, warm, total):
    """optax's schedule where decay_steps are given without those of the warm-up."""
    if total <= 2 * warm:
        raise ValueError
    share = min(max(i - warm, 0) / (total - 2 * warm), 1)
    return _line(i, rate, warm, total) if i < warm else rate * (1 + np.cos(np.pi * share)) / 2


_SCHEDULE_MISTAKES = {
    "before step warm the line counts alone, also where the cosine is lower": (
        lambda *a: min(_line(*a), _cosine(*a))
    ),
    "yours falls and rises again, as (1 + cos 2πx)/2 and cos² πx do: turn by π only": _turned(
        lambda i, warm, total: 2 * np.pi * (i - warm) / (total - warm)
    ),
    "np.cos takes the angle in radians: half a turn is π, not 180": _turned(
        lambda i, warm, total: 180 * (i - warm) / (total - warm)
    ),
    "the warm-up and the cosine follow each other; you multiplied them": (
        lambda i, rate, warm, total: min(i / warm, 1) * rate * (1 + np.cos(np.pi * i / total)) / 2
    ),
    "the two cases are exchanged: the line is for i < warm": (
        lambda i, rate, warm, total: (_line if i > warm else _cosine)(i, rate, warm, total)
    ),
    "the cosine, too, gives a share of rate: multiply by it": _falls(
        lambda i, rate, warm, total: _cosine(i, 1.0, warm, total)
    ),
    "brackets are missing: rate/2 multiplies the whole 1 + cos": _falls(
        lambda i, rate, *steps: rate / 2 + 2 * _cosine(i, 1.0, *steps) - 1
    ),
    "brackets are missing: the whole 1 + cos is divided by 2": _shaped(
        lambda x: 1 + np.cos(np.pi * x) / 2
    ),
    "a cosine was asked for: the sine of 0 is 0, so yours starts at rate/2 and rises": _shaped(
        lambda x: (1 + np.sin(np.pi * x)) / 2
    ),
    "the warm-up takes warm steps, not warm + 1": _rises(lambda i, r, w, t: r * i / (w + 1)),
    "the warm-up takes warm steps, not warm − 1": _rises(lambda i, r, w, t: r * i / (w - 1)),
    "`i // warm` is 0 during the whole warm-up: write `/`": _rises(lambda i, r, w, t: r * (i // w)),
    "`//` rounds the angle down: write `/`": _turned(
        lambda i, warm, total: np.pi * (i - warm) // (total - warm)
    ),
    "optax counts `decay_steps` from step 0, the warm-up included: they are total, not "
    "total − warm": _optax_too_short,
    "half a cosine was asked for; yours falls as an exponential does, and not to 0": _shaped(
        lambda x: np.exp(-x)
    ),
    "brackets are missing around i − warm and total − warm": _turned(
        lambda i, warm, total: np.pi * i - warm / total - warm
    ),
    "brackets are missing around total − warm": _turned(
        lambda i, warm, total: np.pi * ((i - warm) / total - warm)
    ),
    "the warm-up is a straight line; yours is a cosine": _rises(
        lambda i, rate, warm, total: rate * (1 - np.cos(np.pi * i / warm)) / 2
    ),
    "the line has to be at rate after warm steps: divide by warm": _rises(
        lambda i, rate, warm, total: rate * i
    ),
    "the absolute value makes your cosine rise again: use (1 + cos)/2": _shaped(
        lambda x: np.abs(np.cos(np.pi * x))
    ),
    "your cosine starts one step late: at i = warm its angle is 0": (
        lambda i, rate, warm, total: (
            _line(i, rate, warm, total)
            if i <= warm
            else rate * (1 + np.cos(np.pi * (i - warm - 1) / (total - warm))) / 2
        )
    ),
    "your cosine does not come down to 0: its angle goes up to π, and then use (1 + cos)/2": (
        _shaped(np.cos)
    ),
    "the warm-up is missing: before step warm yours is the cosine as well": _cosine,
    "the warm-up rises; yours falls": _rises(lambda i, r, w, t: r * (1 - i / w)),
    "the warm-up is a straight line; yours is a parabola": _rises(
        lambda i, rate, warm, total: rate * (i / warm) ** 2
    ),
    "the line ends at step warm; yours goes on to step total": (
        lambda i, rate, warm, total: (_line if i < total else _cosine)(i, rate, warm, total)
    ),
    "the cosine lasts total − warm steps, not total + warm": _turned(
        lambda i, warm, total: np.pi * (i - warm) / (total + warm)
    ),
    "there is no warm-up: your cosine starts at step 0": (
        lambda i, rate, warm, total: rate * (1 + np.cos(np.pi * i / total)) / 2
    ),
    "the cosine lasts total − warm steps; yours total − (i − warm): was i overwritten?": _turned(
        lambda i, warm, total: np.pi * (i - warm) / (total - (i - warm))
    ),
    "the division by 2 is missing, and the cosine must start when the warm-up ends": _falls(
        lambda i, rate, warm, total: rate * (1 + np.cos(np.pi * i / total))
    ),
    "the division by 2 is missing, and the cosine lasts only total − warm steps": _falls(
        lambda i, rate, warm, total: rate * (1 + np.cos(np.pi * (i - warm) / total))
    ),
    "use (1 + cos)/2, and start the cosine when the warm-up ends": _falls(
        lambda i, rate, warm, total: rate * np.cos(np.pi * i / total)
    ),
    "after i steps the share i/warm is done, not (i + 1)/warm; and the cosine must start when the "
    "warm-up ends": lambda i, rate, warm, total: (
        rate * (i + 1) / warm if i < warm else rate * (1 + np.cos(np.pi * i / total)) / 2
    ),
}

# --- 5: the note's Adam, mended -------------------------------------------------------------------


def adam_step(m, v, i, g, rate):
    m = 0.9 * m + 0.1 * g
    v = 0.999 * v + 0.001 * g**2
    m_hat, v_hat = m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))
    return -rate * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def _adam_wrong(
    m, v, i, g, rate, *, sign=-1, power=1, correct=(True, True), root=np.sqrt, weight=0.1,
    small=(0, 1e-8), betas=(0.9, 0.999), share=0.001, hats=False, square=lambda g, m: g**2,
    part=lambda beta, power: 1 - beta**power, up=lambda m_hat, g, m: m_hat, powers=None,
):  # fmt: skip
    before, powers = m, powers or betas
    m = betas[0] * m + weight * g
    v = betas[1] * v + share * square(g, m)
    m_hat = m / part(powers[0], i + power) if correct[0] else m
    v_hat = v / part(powers[1], i + power) if correct[1] else v
    step = sign * rate * up(m_hat, g, before) / (root(v_hat + small[0]) + small[1])
    return (step, m_hat, v_hat) if hats else (step, m, v)


def _adam_but(**changes):
    """Adam with something wrong in it."""
    return lambda *a: _adam_wrong(*a, **changes)


def _adam_step_by(step):
    """The right means; a wrong step of rate, m, v and the powers of β₁ and β₂."""

    def wrong(m, v, i, g, rate):
        _, m, v = adam_step(m, v, i, g, rate)
        return step(rate, m, v, 0.9 ** (i + 1), 0.999 ** (i + 1)), m, v

    return wrong


def _with_old_means(m, v, i, g, rate):
    m_hat, v_hat = m / (1 - 0.9 ** (i + 1)), v / (1 - 0.999 ** (i + 1))
    return -rate * m_hat / (np.sqrt(v_hat) + 1e-8), *adam_step(m, v, i, g, rate)[1:]


def _with_the_old_m(m, v, i, g, rate):
    return _adam_wrong(m, v, i, g, rate, up=lambda m_hat, g, m: m / (1 - 0.9 ** (i + 1)))


def _movement_in_adam(m, v, i, g, rate):
    _, _, v = adam_step(m, v, i, g, rate)
    m = 0.9 * m - rate * g
    return m / (1 - 0.9 ** (i + 1)) / (np.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8), m, v


def _with_the_largest_v(m, v, i, g, rate):
    m, v = 0.9 * m + 0.1 * g, np.maximum(v, 0.999 * v + 0.001 * g**2)
    return -rate * m / (1 - 0.9 ** (i + 1)) / (np.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8), m, v


def _adamax(m, v, i, g, rate):
    m, v = 0.9 * m + 0.1 * g, np.maximum(0.999 * v, np.abs(g))
    return -rate * m / (1 - 0.9 ** (i + 1)) / (v + 1e-8), m, v


def _nadam(m, v, i, g, rate):
    _, m, v = adam_step(m, v, i, g, rate)
    ahead = 0.9 * m / (1 - 0.9 ** (i + 2)) + 0.1 * g / (1 - 0.9 ** (i + 1))
    return -rate * ahead / (np.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8), m, v


def _as_printed(m, v, i, g, rate):
    """The note's formula to the letter: a movement for m, its square for v, and a minus again."""
    m = 0.9 * m - rate * g
    v = 0.999 * v + 0.001 * g**2
    return -rate * m / np.sqrt(v), m, v


def _adam_given(function):
    """What Adam's three results become."""
    return lambda *a: function(*adam_step(*a))


_ADAM_MISTAKES = {
    "ε belongs to the denominator, beside the root; you added it to the step": _adam_step_by(
        lambda a, m, v, p, q: -a * m / (1 - p) / np.sqrt(v / (1 - q)) + 1e-8
    ),
    "v is an average of g², not of g": _adam_but(square=lambda g, m: g),
    "v is an average of g², not of |g|": _adam_but(square=lambda g, m: np.abs(g)),
    "v is an average of g², not of m²": _adam_but(square=lambda g, m: m**2),
    "that is AdaBelief's v, with (g − m)²; Adam's is an average of g²": _adam_but(
        square=lambda g, m: (g - m) ** 2
    ),
    "v is corrected first, and the root taken then: the correction belongs under the root": (
        _adam_step_by(lambda a, m, v, p, q: -a * m / (1 - p) / (np.sqrt(v) / (1 - q) + 1e-8))
    ),
    "0.9ⁱ⁺¹ is a power, `0.9 ** (i + 1)`; you multiplied": _adam_but(
        part=lambda beta, power: 1 - beta * power
    ),
    "0.9ⁱ⁺¹ is a power, `0.9 ** (i + 1)`; you multiplied, and took the absolute value": (
        _adam_but(
            part=lambda beta, power: 1 - beta * power if beta < 0.99 else np.abs(1 - beta * power)
        )
    ),
    "ε is 10⁻⁸, written 1e-8; yours is 10⁻⁷ (that is what 10e-8 means)": _adam_but(small=(0, 1e-7)),
    "the step uses the new m and v; yours uses those before": _with_old_means,
    "the step uses the new m; yours uses the one before": _with_the_old_m,
    "the step goes along the corrected m; yours goes along g, as RMSProp's does": _adam_but(
        up=lambda m_hat, g, m: g
    ),
    "your m is a movement with −α in it; Adam's m averages gradients, and α stands in the step": (
        _movement_in_adam
    ),
    "0.9 and 0.999 are the weights of the past, 0.1 and 0.001 those of the new gradient; yours are "
    "exchanged": _adam_but(betas=(0.1, 0.001), weight=0.9, share=0.999),
    "in the means 0.9 and 0.999 are the weights of the past; yours are exchanged with 0.1 and "
    "0.001": _adam_but(betas=(0.1, 0.001), weight=0.9, share=0.999, powers=(0.9, 0.999)),
    "β₂ is 0.999; yours is 0.99": _adam_but(betas=(0.9, 0.99), share=0.01),
    "you keep the largest v so far, as AMSGrad does; Adam's v may fall": _with_the_largest_v,
    "every parameter has a v of its own: take no mean over them": _adam_but(
        square=lambda g, m: np.mean(g**2)
    ),
    "every parameter has a v of its own: take no sum over them": _adam_but(
        square=lambda g, m: np.sum(g**2)
    ),
    "the power is that of 0.9 and 0.999: 1 − 0.9ⁱ⁺¹, not (1 − 0.9)ⁱ⁺¹": _adam_but(
        part=lambda beta, power: (1 - beta) ** power
    ),
    "for m the power is that of 0.9: 1 − 0.9ⁱ⁺¹, not (1 − 0.9)ⁱ⁺¹": _adam_but(
        part=lambda beta, power: (1 - beta) ** power if beta < 0.99 else 1 - beta**power
    ),
    "the means are too small at first: divide them by 1 − 0.9ⁱ⁺¹ and 1 − 0.999ⁱ⁺¹, do not "
    "multiply": _adam_but(part=lambda beta, power: 1 / (1 - beta**power)),
    "that is AdaMax, whose v is the largest |g|; Adam's is an average of g²": _adamax,
    "that is NAdam, which looks one step ahead": _nadam,
    "the powers are missing: 1 − 0.9ⁱ⁺¹ and 1 − 0.999ⁱ⁺¹, not 1 − 0.9 and 1 − 0.999": _adam_but(
        part=lambda beta, power: 1 - beta
    ),
    "v has a β of its own in its correction, 0.999; yours is 0.9": _adam_but(powers=(0.9, 0.9)),
    "ε is added to the root of the corrected v, and yours to that of v": _adam_step_by(
        lambda a, m, v, p, q: -a * np.sqrt(1 - q) / (1 - p) * m / (np.sqrt(v) + 1e-8)
    ),
    "brackets are missing around 1 − 0.9ⁱ⁺¹": _adam_step_by(
        lambda a, m, v, p, q: -a * m - p / (np.sqrt(v / (1 - q)) + 1e-8)
    ),
    "the step is divided by the root of v̂; you multiplied": _adam_step_by(
        lambda a, m, v, p, q: -a * m / (1 - p) * (np.sqrt(v / (1 - q)) + 1e-8)
    ),
    "the corrections are 1 − 0.9ⁱ⁺¹ and 1 − 0.999ⁱ⁺¹; yours add": _adam_but(
        part=lambda beta, power: 1 + beta**power
    ),
    "that is the sign of m: v has no part in your step": _adam_step_by(
        lambda a, m, v, p, q: -a * np.sign(m)
    ),
    "the weights of an average sum to 1: the new gradient has 0.1 and 0.001, not 0.9 and 0.999": (
        _adam_but(weight=0.9, share=0.999)
    ),
    "the learning rate is the argument `rate`; yours is always 0.001": (
        lambda m, v, i, g, rate: adam_step(m, v, i, g, 0.001)
    ),
    "hand back m, not the corrected m̂: that is for the step alone": (
        lambda m, v, i, g, rate: (
            adam_step(m, v, i, g, rate)[0],
            (0.9 * m + 0.1 * g) / (1 - 0.9 ** (i + 1)),
            0.999 * v + 0.001 * g**2,
        )
    ),
    "your step climbs, and the bias correction is missing": _adam_but(
        sign=1, correct=(False, False)
    ),
    "your step climbs, and ε is added to the root, not under it": _adam_but(
        sign=1, small=(1e-8, 0)
    ),
    "your step climbs, and the corrected means are for the step alone: hand back m and v": (
        _adam_but(sign=1, hats=True)
    ),
    "the correction counts this step too, 1 − 0.9ⁱ⁺¹; and the corrected means are for the step "
    "alone": _adam_but(power=0, hats=True),
}

_ADAM_INPUTS = [
    (np.zeros(2), np.zeros(2), 0, np.array([4.0, -0.1]), 0.01),
    (np.array([0.4, 0.1]), np.array([0.016, 0.002]), 1, np.array([2.0, 1.0]), 0.01),
    (np.array([0.5, -0.3]), np.array([0.02, 0.03]), 5, np.array([-1.0, 2.0]), 0.1),
    (np.array([0.2, -0.4, 0.0]), np.array([0.3, 0.1, 0.2]), 3, np.array([0.0, 2.5, -1.0]), 0.02),
    (np.zeros(2), np.zeros(2), 0, np.array([1e-8, -3e-8]), 0.01),
    (np.array([2e-9, -1e-9]), np.array([3e-19, 2e-19]), 2, np.array([1e-8, 2e-8]), 0.05),
    (np.array([0.3]), np.array([0.02]), 1, np.array([1.0]), 1e-6),  # a step as small as ε
]

EXERCISES = [
    Exercise(
        name="running_rms",
        title="σ without a memory (easy)",
        task="The note's σⁱ is the root mean square of g⁰, …, gⁱ. Return it from σⁱ⁻¹ "
        "(<code>sigma</code>), the number i ≥ 1, and gⁱ (<code>g</code>) alone. sigma and g are "
        "arrays, with one entry for each parameter.",
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
            "the weight of g² is right; σ² has the weight i/(i + 1), not 1": (
                lambda sigma, i, g: np.sqrt(sigma**2 + g**2 / (i + 1))
            ),
            **_RMS_MISTAKES,
            "every parameter has a σ of its own: take no mean over them": (
                lambda sigma, i, g: np.sqrt(np.mean((i * sigma**2 + g**2) / (i + 1)))
            ),
            "every parameter has a σ of its own: take no sum over their gradients": (
                lambda sigma, i, g: np.sqrt((i * sigma**2 + np.sum(g**2)) / (i + 1))
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
            **_MOMENTUM_MISTAKES,
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
            "the largest sum of a row or column bounds the eigenvalues, but is none": (
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
            **_EDGE_MISTAKES,
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
            **_SCHEDULE_MISTAKES,
            "`//` drops what is behind the point: divide by /": (
                _rises(lambda i, rate, warm, total: rate * i // warm)
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
            **_ADAM_MISTAKES,
            "the means need the weights 1 − β of what is new, 0.1 and 0.001": (
                _adam_but(weight=1.0, share=1.0)
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
