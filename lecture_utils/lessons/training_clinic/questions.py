"""Predictions and exercises of notebook 09."""

from functools import partial

from lecture_utils.studio.grading import Feedback
from lecture_utils.studio.lesson import Lesson
from lecture_utils.studio.questions import Exercise, Prediction

from . import clinic
from .claims import CLAIMS, COVERS

PREDICTIONS = [
    Prediction(
        name="guide",
        question="A network of 12 layers reaches a training loss of 0.9. One of 4 layers, on the "
        "same images, reaches 0.2. What do you conclude about the large one?",
        options={
            "it is too small": "It has more layers than the small one, and could copy it.",
            "it is not optimized": "It could compute what the small network computes, so a low "
            "loss exists; the training does not find it.",
            "it overfits": "Overfitting needs a <i>low</i> training loss first.",
        },
        answer="it is not optimized",
    ),
    Prediction(
        name="instruments",
        question="A network sits at the loss of pure guessing, with a tiny gradient. Either there "
        "is a way down that only starts flat, or there is none. Which instrument tells?",
        options={
            "the training loss": "It reads 2.30 in both cases, the loss of guessing.",
            "the gradient norm at the start": "It can be the same small number in both cases: the "
            "output biases alone give it.",
            "the lowest eigenvalue": "Below zero there is a direction that curves down: the way "
            "exists, it only starts flat. At zero, but for rounding, nothing curves down.",
        },
        answer="the lowest eigenvalue",
        reveal="And the share of dead units? It tells only where it is 100 %: then no hidden "
        "weight gets a gradient. Units that are alive may still stand where nothing curves down.",
    ),
    Prediction(
        name="step",
        question="Someone starts with a learning rate η of twice the edge, that is of "
        "4/λ<sub>max</sub>. What does the training loss do?",
        options={
            "it falls, only faster": "Below the edge longer steps are faster steps. Beyond it they "
            "jump across the sharpest direction, farther each time.",
            "it climbs from the first step on": "So it would if the gradient pointed along the "
            "sharpest direction. It points along many.",
            "the first step still helps, a later one climbs above the start": "The first gradient "
            "does not point along the steepest curvature. Later ones do, more and more.",
        },
        answer="the first step still helps, a later one climbs above the start",
        reveal="Whoever remembers notebook 08, where such a run trained all the same: it came to a "
        "flatter place. A step beyond the edge is a risk, and no verdict.",
    ),
]

# --- six patients -------------------------------------------------------------------------------

_NOT_SO = {
    "dead units": "units that are off on every image get no gradient; compare the dead share at "
    "the START with a healthy network's",
    "label noise": "with wrong labels a network can still reach a low training loss, while the "
    "test loss rises; compare the two",
    "learning rate": "compare η with 2/λ_max at the start, and look whether the loss first rises",
    "saddle plateau": "a plateau has a tiny gradient, living units and a negative eigenvalue",
    "too deep": "count its layers, and train a shallower one",
    "too small": "count its units, and train a wider one",
}
_NOT_HERE = {
    ("F", "learning rate"): "its start is near the edge, but smaller steps alone do not cure it; "
    "ask the guide: what does a network of 3 layers reach with the same η?",
    ("B", "too small"): "a model that is too small has a high training loss; read B's",
}
"""Where the general advice would lead astray."""


DRAWS = (0, 1, 2)  # of the start and of the images
MARGIN = 0.03  # above `clinic.HEALED`, for the mean of the draws: one lucky start is no cure
MOST_WORK = 5e8  # multiplications of one forward pass, times steps: some seconds a draw


def examine(name: str, answer) -> Feedback | None:
    """Judge {"cause": …, knob: value}: train the treated network, then look at the cause."""
    if not isinstance(answer, dict):
        return Feedback.wrong('the answer is a dict such as {"cause": "…", "steps": 300}')
    patient, knobs = clinic.PATIENTS[name], dict(answer)
    cause = knobs.pop("cause", None)
    if isinstance(cause, str):
        cause = cause.strip().lower()
    if cause not in clinic.CAUSES:
        return Feedback.wrong(f"the cause must be one of: {', '.join(clinic.CAUSES)}")
    try:
        case = clinic.treat(patient.case, **knobs)
    except ValueError as error:
        return Feedback.wrong(str(error).rstrip("."))
    turned = [knob for knob in knobs if getattr(case, knob) != getattr(patient.case, knob)]
    if not turned:
        same = "".join(f": {knob} already is {getattr(case, knob)}" for knob in list(knobs)[:1])
        return Feedback.wrong(
            f"nothing was changed{same}; "
            f'give a knob a new value, such as "learning_rate": {patient.case.learning_rate / 2:g}'
        )
    if len(turned) > 1:
        return Feedback.wrong(
            f"you turned {len(turned)} knobs ({', '.join(turned)}); if that cures, nobody knows "
            "which of them did: turn one"
        )
    if _work(case) > MOST_WORK:
        return Feedback.wrong(
            f"with {turned[0]} = {getattr(case, turned[0])} three trainings take minutes: choose "
            "a smaller number (of images, steps, units or layers)"
        )
    advice = _NOT_HERE.get((name, cause), _NOT_SO[cause])
    cured, outcome = _treated(case)
    if cured and cause == patient.cause:
        before = clinic.run(patient.case).test_accuracy[-1]
        return Feedback.correct(f"{outcome}; it was {before:.3f}")
    if cured:
        return Feedback.wrong(f"the cure works ({outcome}), but the cause is another: {advice}")
    right = "the cause is right, but" if cause == patient.cause else f"{advice}; and"
    return Feedback.wrong(f"{right} this does not cure: {outcome}")


def _work(case: clinic.Case) -> float:
    weights = 64 * case.width + (case.depth - 2) * case.width**2 + 10 * case.width
    return weights * case.examples * case.steps / 10


def _treated(case: clinic.Case) -> tuple[bool, str]:
    """Whether all draws are cured, clearly, and a sentence; the first that is not ends it."""
    accuracies = []
    for place, draw in enumerate(DRAWS, 1):
        found = clinic.run(case, draw)
        if not clinic.healed(found):
            others = f"of {place} draws the last fails: " if place > 1 else ""
            return False, f"{others}{_outcome(found)}, {clinic.HEALED} is needed from each start"
        accuracies.append(found.test_accuracy[-1])
    mean = sum(accuracies) / len(accuracies)
    told = f"test accuracy {mean:.3f} on average of three draws, {min(accuracies):.3f} at least"
    enough = clinic.HEALED + MARGIN
    return mean >= enough, told if mean >= enough else f"{told}, {enough:.2f} on average is needed"


def _outcome(found: clinic.Run) -> str:
    if found.diverged_at >= 0:
        return f"the treated run diverged at step {found.diverged_at}"
    text = (
        f"after {found.case.steps} steps the training loss is {found.train_loss[-1]:.2f}, the test "
        f"loss {found.test_loss[-1]:.2f} and the test accuracy {found.test_accuracy[-1]:.3f}"
    )
    peak = found.train_loss.max()
    return text + (f" (the loss rose to {peak:.1f} on the way)" if peak > 3.5 else "")


def _up_to(knob: str) -> str:
    return "{} to {}".format(*clinic.LIMITS[knob])


def _exercise(name: str, grade: str, hints: tuple[str, str], wrong: dict, why: str) -> Exercise:
    patient = clinic.PATIENTS[name]
    return Exercise(
        name=f"patient_{name}",
        title=f"patient {name} ({grade})",
        task="Name the cause and add the one knob you turn, its name in quotes, a colon and its "
        "new value. The "
        "check trains the network again from three starts, on three draws of the images; cured is "
        f"a test accuracy of {clinic.HEALED} or more each time, and {clinic.HEALED + MARGIN:.2f} "
        f"on average. There is room for {_up_to('steps')} steps, {_up_to('examples')} images, "
        f"{_up_to('width')} units in a layer and {_up_to('depth')} layers, but not for all at "
        "once: what would take minutes is not begun.",
        hints=hints,
        solution={"cause": patient.cause, **patient.remedy},
        mistakes=wrong,
        check=partial(examine, name),
        why=why,
    )


EXERCISES = [
    _exercise(
        "A",
        "medium",
        (
            "The gradient is tiny but not zero, the units are alive, and the lowest eigenvalue is "
            "negative. Which kind of point is that?",
            "From such a point the way down is open, but slow. Which knob starts farther away from "
            "it, and which one is patient?",
        ),
        {
            "units are alive": {"cause": "dead units", "bias": 0.5},
            "still too small": {"cause": "saddle plateau", "scale": 0.02},
        },
        "Patience cures as well: the plateau is no minimum. With 2000 steps it is left.",
    ),
    _exercise(
        "B",
        "hard",
        (
            "The training loss is near zero, the test loss high and rising: the network learns "
            "something by heart that is not true of other images.",
            "What is learned by heart stands in the labels. One knob removes the cause, one keeps "
            "the weights small, one stops before it is learned.",
        ),
        {
            "width is no cure": {"cause": "too small", "width": 64},
            "too much": {"cause": "label noise", "decay": 0.3},
        },
        "Small networks are not enough here: width 8 fits a good part of the noise as well.",
    ),
    _exercise(
        "C",
        "easy",
        (
            "Nearly all units are dead at the end, few at the start. What killed them?",
            "Multiply η by λ_max/2 at the start: what does a number above 1 say about a step?",
        ),
        {
            "the dead are a consequence": {"cause": "dead units", "bias": 1.0},
            "still above the edge": {"cause": "learning rate", "learning_rate": 2.5},
        },
        "Dead units are the consequence here, not the cause: the step threw them there.",
    ),
    _exercise(
        "D",
        "easy",
        (
            "Which hidden units are on for at least one image at the start?",
            "None. What is added to the weighted sum of every unit, for every image?",
        ),
        {
            "alive ones have a negative eigenvalue": {"cause": "saddle plateau", "scale": 0.5},
            "a faster walk nowhere": {"cause": "dead units", "learning_rate": 1.0},
        },
        "No learning rate helps: zero times anything is zero.",
    ),
    _exercise(
        "E",
        "medium",
        (
            "Turn the knobs of the start and of the step: none of them, nor patience, does much.",
            "Through how many numbers does the network see an image before it tells ten digits "
            "apart?",
        ),
        {
            "patience is no cure": {"cause": "saddle plateau", "steps": 1000},
            "deeper is not wider": {"cause": "too small", "depth": 3},
        },
        "This is the note's model bias: no parameters of this network do well.",
    ),
    _exercise(
        "F",
        "medium",
        (
            "It has 20 layers. What does a network of 3 layers reach with the same learning rate?",
            "One knob makes it that network. Another keeps the layers and gives the signal a way "
            "around them, but see whether it does so from every start.",
        ),
        {
            "small it is not": {"cause": "too small", "width": 24},
            "still deep": {"cause": "too deep", "depth": 18},
        },
        "Skips add a layer's input to its output, so that the signal passes all layers. They help "
        "here as well, but with this learning rate not from every start.",
    ),
]

_KNOBS = {"learning_rate": "learning rate η", "scale": "scale of the start",
          "bias": "bias at the start", "decay": "weight decay"}  # fmt: skip


def _key(exercise: Exercise) -> tuple[str, ...]:
    """A patient's row: its cause, the knob that cures it, what tells it, and what else helps."""
    name = exercise.name[-1]
    patient = clinic.PATIENTS[name]
    ((knob, value),) = patient.remedy.items()
    turned = (
        f"*{_KNOBS.get(knob, knob)}* from {getattr(patient.case, knob):g} to {value:g}".replace(
            "-", "−"
        )
    )
    return name, patient.cause, turned, exercise.hints[0], exercise.why


KEY = [  # for the teacher: the first row is the head
    ("patient", "cause", "the one knob that cures it", "a hint", "to add"),
    *(_key(exercise) for exercise in EXERCISES),
    ("G", "mismatch", "none: half of its training images from the scanner of the test images",
     "Which of its four losses is the odd one?",
     "Its held-out loss is low, its test loss high: the test images come from another source "
     "(section 10)."),
]  # fmt: skip
KEY_STANDS = (  # for the teacher, above the key
    "It stands on no slide, but section 10 of the notebook prints all causes and cures, and covers "
    "none of them: until section 6 is done, nobody scrolls so far, in class or at home. Tell the "
    "room."
)

PENCIL = {  # for the teacher: what comes of the work on paper
    "Follow the guide": "A and F end at <i>optimization</i>, B at <i>overfitting</i>, C, D and E "
    "at <i>model bias</i>, G at <i>mismatch</i>. Collect the guide's ends on the board, and say no "
    "more of them. C and D turn out otherwise: that is for section 7, which asks why. The table "
    "that follows shows more.",
    "Write down a cause": "Collect the causes on the board, and say of none whether it is right. "
    "D is cured together in a moment; the others are for home, on the same sheet. The key at the "
    "end of this page has them all, for you alone.",
}

lesson = Lesson(
    "09_training_clinic",
    title="Training clinic",
    question="What to do when a network fails to train?",
    minutes=(45, 90),
    needs="01, 03",
    sources="N1, S73–S74",
    covers=COVERS,
    predictions=PREDICTIONS,
    exercises=EXERCISES,
    claims=CLAIMS,
)
