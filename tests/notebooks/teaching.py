"""One page for the teacher of each lesson, from what lessons and notebooks say of themselves.

`make pages` writes it to notebooks/TEACHING.md; a test compares.  The clock counts in minutes, by
MINUTES and WORDS_A_MINUTE, what is on the slides and what the notes say; what does not fit the
class is left for home from the start, and the page names it.
"""

from __future__ import annotations

import ast
import html
import inspect
import math
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path

import nbformat
from findings import texts

from lecture_utils.lessons import all_lessons, explorers_of
from lecture_utils.studio.cards import solution_text
from lecture_utils.studio.questions import Prediction

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
# What readers with a watch took for one of each (CONTRIBUTING.md), and a calm voice for the words.
MINUTES = {
    "prediction": 2.5,
    "room": 2.5,
    "explorer": 4.0,
    "blank": 4.0,
    "figure": 1.0,
    "code": 0.5,
    "printed": 0.5,
}
HANDS = 0.5  # more for a question with more options than MANY
MANY = 3
ORDINALS = ("first", "second", "third")
FEW = 4  # lines that a room reads at a glance
LINE = 0.1  # each printed line, where there are more
FORMULA = 0.5  # a formula on a line of its own, read or written on the board
CELL = 0.25  # a formula in a table, of LONG characters or more
LONG = 12
HOUR = 60  # minutes of a longer class, the room's questions included
WORDS_A_MINUTE = 130
TITLE = 2.0  # the question of the lesson, and what was before
SHOWN = 1.0  # a blank whose solution is shown
QUESTIONS = 5  # minutes after the lesson, for the room's own
LINES = 12  # longer code is not on the slides
SCENE = 260  # characters that set the scene of a section that asks nothing
LEAST = 80  # a shorter sentence takes the next one along; a shorter rest is not cut
SEEN = 150  # characters of what is seen first
SAID = {"slide": 200, "notes": 250}  # characters of a text that stand here; a mark says what is cut
PRINTED = 24  # lines that a cell prints are told; of a longer output whole tables are cut
LATE = 8  # minutes that the last column of the clock wins back
# How the sentences begin that only say which line of a figure is which, and asides.
LABEL = r"\*\*[A-Z][^*]*[.?]\*\*"  # "Look, left.", "How exact is exactly?"
LEGEND = (
    r"(\(|We scaled|Left\b|Right\b|Middle\b|Both axes|Lines are|Medians|Markers|"
    r"Each (ring|dot|marker|thin)|"
    r"The (solid|dashed|vertical|last two|marker)|The same page|Dashed|Solid|One row|"
    r"A (gray|circle)|Three of|On spheres|Below,)"
)
SO = r"(So|Hence|Therefore)\b"  # how a sentence begins that says what was found
RULE = r"\*[A-Z][^*]{20,}\.\*"  # a sentence in italics that states a rule
# How a sentence begins that is nothing without the one before it.
POINTS_BACK = (
    r"(All|Both|It|Its|They|Their|These|Those|That|This|Such|Neither|Nearly half of those|"
    r"From the other|There (?!is\b|are\b)|Then)\b"
)
LAST = ("The answer", "Summary")
# Beyond a cut these sentences stay: what follows on the page is not understood without them.
KEPT = (
    "With 16 units nearly all succeed.",  # 00
    "At the midpoint of the line",
    "Left, why: in the second direction",  # 02
    "Right: 20 000 random directions.",
    "About 5 % lead down",
    "From the other one practically none",
    "There the Hessian has one zero",
    "It is a true bad minimum.",
    "With two hidden units, as wide",
    "At every critical point $AB$ projects",
    "the **loss** is the sum",
    "Up to $\\eta K=0.9$ all runs settle",
    "On spheres of eight radii",  # 03
    "Left of all points (red)",
    "About a quarter of the starts",
    "About 30 % die.",
    "Nearly half of those had a unit that was active",
    "The proof for A works",
    "But dead means inactive on *all* inputs",
    "Digits resemble each other",
    "C and D both *end* with",  # 09
    "Yellow cells are clipped",
    "Around He's $m=0$",
    "It shows that the *speed*",
    "Together with sections 2 and 5",
    "Yet training ends in minima",  # 04
    "The assumption must be wrong.",
    "It stops where",
    "We drew only its ends",
    "This is the trap:",
    "the gradient norm does.",
    "A circle marks a dip of the gradient norm",
    "How large?",
    "We draw matrices of the model itself",
    "Second: a squared error without decay",
    "the index rises with the loss, that is certain",
    "Whether it rises like a power",
    "Choromanska et al. (2015) carry",
    "What they assume:",
    "The mean of the two has the weights",  # 05
    "*Right:* yet on the straight way",  # 06
    "To disagree and to lie behind",
    "Our digits belong to the first",
    "With the larger rates a barrier",
    "And the **width** of the valley",
    "*Right* and in the numbers above it",
    "What does hold for each set of five",
    "RMSProp (purple) does so",  # 07
    "RMS (light blue) hardly does",
    "The other half of the hope",
    "Adam (black) glides on",
    "But σ learns of the cliff",
    "At step 400 RMSProp takes",
    "The note *means* an **average**",
    "At λ = 0 (gradient descent) it is zero.",
    "The note says that momentum *sometimes*",
    "But $10^{-10}$ beside the ridge",
    "It needs about eight times as many",
    "And Adam hardly suffers at 45°",
    "Per *epoch* the small batch takes longer",  # 08
    'The note\'s "almost the same time"',
    "We had none, and the times",
    "For $\\alpha<1$ the first layer becomes",
    "It can hold for the minima that",
    "It ends where noise is no longer",
    "While it does, twice the batch",
    "The losses fall all the while",
    "(The last printed line is of another run",
)
TEXTS = ("slide", "notes")  # the kinds of items that are words: seen, or said alone
ASKS = ("prediction", "room")
SHOWN_OR_ASKED = ("printed", "figure", "prediction", "room", "blank", "work")
# What a class does on paper, and how long.
PENCIL = re.compile(r"\*\*With pencil, (two|three|four|five) minutes\.\*\* (.*)", re.DOTALL)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5}
# Of what is said alone, formulas on their own line and proofs are written for all to see.
PROOF = re.compile(r"\*\*[^*]*[Pp]roof\.\*\*")
BOARD = re.compile(rf"\$\$|{PROOF.pattern}")
READ = "only read it out"  # the last column beside the summary
REST = ("rest", "")  # what the notes say beyond the page
CODE = ("code", "code")  # all cells of code on the slides
LITTLE = 0.5  # minutes that nobody has to save
PART = re.compile(r"### (.+)")  # how a part of a long section begins
DERIVES = re.compile(r"\*\*(Why[^*]*)\*\*")  # how a slide begins that only says why
# Ways to a goal that only trained networks know, as the run with SEED = 0 found them.
FOUND = {
    "TwoSolutions": {"pair": "1 and 3", "alpha": 0.5},
    "RandomHessian": {"phi": 0.15, "epsilon": 0.068},
    "Rescaling": {"a": 0.91},
    "OneStep": {"patient": "C", "moment": 0, "step": (2.73, 1.0)},
}
# What one sees at such a place.
SIGHTS = {"Rescaling": "Left the blue curve becomes narrow, right it stays on the gray one."}
# Explorers that are what their section is about: they stay in class.
HEART = {"Clinic"}
# Sections without which a later one hangs in the air (they go neither whole nor in part; 07's has
# Adam's only formula), and those that an objective is about.
NEEDED = {"3. Seven patients", "2. Two formulas of the note"}
# How the figures begin that a later section needs: 09's clinic treats what this table shows.
NEEDED_FIGURES = ("A table of the instruments at start and end for seven patients",)
DEAR = {"6. A fair comparison on digits"}
# Another form of a solution that the room will bring, which is right as well.
ALSO = {"bent": "return line(line(a, c, t), line(c, b, t), t)"}


@dataclass
class Section:
    """What a section of a notebook puts on the slides, and what it says of its results."""

    heading: str
    slides: int = 0
    items: list[tuple[str, str]] = field(default_factory=list)  # kind, name or text, in order
    told: list[str] = field(default_factory=list)  # the first text after each measured result
    noted: list[str] = field(default_factory=list)  # every text, notes among them
    tasks: dict[str, str] = field(default_factory=dict)  # blank -> what its text asks
    plays: dict[str, str] = field(default_factory=dict)  # explorer -> what is asked of it
    answers: dict[str, str] = field(default_factory=dict)  # explorer -> the answer folded below it
    wide: set[str] = field(default_factory=set)  # questions with more than MANY options
    ahead: str = ""  # what a text asks of the blank or the explorer that follows
    fresh: bool = False  # a result was shown that no text has spoken of

    def held(self, kind: str) -> list[str]:
        """The names of one kind, in running order."""
        return [name for what, name in self.items if what == kind]

    @property
    def whole(self) -> tuple[str, str]:
        """The section as what a class may leave for home."""
        return ("section", self.heading)

    def derivations(self) -> list[tuple[str, str]]:
        """The slides that only say why; not what a result is told in, nor what it comes to."""
        return [
            (kind, text)
            for kind, text in self.items
            if kind == "slide" and DERIVES.match(text) and text not in self.told
            if not any(
                re.match(SO, bare(s)) or re.fullmatch(RULE, s) for s in sentences(flat(text))
            )
        ]

    def least(self, place: int) -> float:
        """How many characters of a text stand on the page: what leads to a question is whole."""
        kind, later = self.items[place][0], [what for what, _ in self.items[place + 1 :]]
        between = later[: later.index("room")] if "room" in later else []
        for what in later:
            if what in ("prediction", "blank") or (what == "room" and "slide" not in between):
                return math.inf
            if what not in (*TEXTS, "code", "printed"):
                break
        asks = self.held("prediction") + self.held("blank") + self.held("room")
        opens = all(what in (*TEXTS, "code") for what, _ in self.items[:place])
        if opens and kind == "slide":
            return math.inf if asks else SCENE
        return SAID[kind]

    def said(self, place: int) -> str:
        """What stands on the page of the text at that place; what a run follows leads to it."""
        kind, text = self.items[place]
        later = [what for what, _ in self.items[place + 1 :]]
        after = [what for what in later if what != "code"][:1]
        leads = after in (["printed"], ["figure"])
        shows = any(what in ("printed", "figure") for what, _ in self.items[:place])
        return short(text, self.least(place), kind, leads, shows and kind == "notes")

    def unsaid(self, spared: set[tuple[str, str]]) -> set[int]:
        """The places of the words about what is left for home.

        Those of a figure follow it; those of an explorer are notes below it, where nothing that a
        class sees or answers comes after them.
        """
        found, home = set(), ""
        for place, (kind, name) in enumerate(self.items):
            if kind not in TEXTS:
                home = kind if (kind, name) in spared else ""
                continue
            last = not any(what in SHOWN_OR_ASKED for what, _ in self.items[place:])
            if home == "figure" or (home == "explorer" and kind == "notes" and last):
                found.add(place)
        return found

    def minutes(self, spared: set[tuple[str, str]] = frozenset(), said: bool = True) -> float:
        """What it asks of a class that leaves ``spared`` for home; without ``said``, no notes."""
        if self.whole in spared:
            return spoken(next(iter(self.told), "")[:SEEN])  # the sentence after the arrow
        took, unsaid = 0.0, self.unsaid(spared)
        for place, (kind, name) in enumerate(self.items):
            if kind in TEXTS:
                if (kind, name) in spared:
                    continue
                cut = kind == "notes" and REST in spared
                text = self.said(place) if cut else name
                took += spoken(text) * (place not in unsaid and (said or kind == "slide"))
                continue
            if kind == "work":
                took += NUMBERS[PENCIL.match(name)[1]] + spoken(name)
            elif kind == "printed":
                lines = name.count("\n") + 1
                took += LINE * lines * (lines > FEW)
            elif (kind, name) not in spared:
                wide = name in self.wide or (kind == "room" and name in wide_rooms())
                took += MINUTES[kind] + HANDS * wide
                took += said * spoken(name) * (kind == "room")
                around = (self.tasks.get(name), self.plays.get(name), self.answers.get(name))
                took += said * sum(spoken(text) for text in around if text)
            elif kind == "blank":
                took += SHOWN + said * spoken(self.tasks.get(name, ""))
        return took


def spoken(text: str) -> float:
    """The minutes that a text takes, its formulas and tables looked at."""
    below = tables(text)
    shown = text.count("$$") // 2 * FORMULA + len(below) * MINUTES["printed"]
    inside = [one for table in below for one in re.findall(r"\$([^$]+)\$", table)]
    shown += sum(len(one) >= LONG for one in inside) * CELL
    return len(text.split()) / WORDS_A_MINUTE + shown


def on_slides(notebook) -> tuple[list[Section], dict[str, str]]:
    """The sections (the first is the title), and the exercises left as homework, each with the
    heading under which it stands."""
    sections, homework, under = [], {}, ""
    for cell in notebook.cells:
        kind, source = cell.metadata.slideshow.slide_type, cell.source
        found = re.match(r"##? (.+)", source) if cell.cell_type == "markdown" else None
        if found:
            sections.append(Section(found[1].strip()))
        if cell.cell_type == "markdown" and (above := re.match(r"##+ (.+)", source)):
            under = above[1].strip()
        asked = re.findall(r'lesson\.check\("(\w+)"', source) if cell.cell_type == "code" else []
        if kind == "skip":
            homework |= dict.fromkeys(asked, under)
            continue
        sections[-1].slides += kind in ("slide", "subslide")
        if cell.cell_type == "markdown":
            _hear(sections[-1], source, "notes" if kind == "notes" else "slide")
        elif kind != "notes":
            _put(sections[-1], cell, asked)
    kept = [section for section in sections if section.slides]
    for section in kept:
        if section.ahead:  # what it asked for came on no slide
            section.items.append(("notes", section.ahead))
    return [section for section in kept if section.heading != "Going deeper"], homework


def lines_shown(code: str) -> int:
    """How many lines of a cell are for a slide: not the calls at its end, which only ask."""
    calls = re.compile(r"(^|\n)(explorers|figures|lesson)\..*(\n[ )\]}].*)*\Z")
    while calls.search(code := code.rstrip()):
        code = calls.sub("", code)
    return code.count("\n") + 1 if code else 0


def _put(section: Section, cell, asked: list[str]) -> None:
    """Keep what a cell of code puts on the slides."""
    shown = [text for text in texts(cell) if text.startswith(("Figure", "Explorer"))]
    live = any(text.startswith("Explorer") for text in shown)
    folded = "jupyter" in cell.metadata or not 1 < lines_shown(cell.source) <= LINES
    asks = re.findall(r'lesson\.predict\("(\w+)"', cell.source)
    plays = re.findall(r"explorers\.(\w+)\(", cell.source) if live else []
    section.wide |= {name for name in asks if _options(cell) > MANY}
    found = {
        "printed": printed(cell) if not (asked or plays) else [],  # it stands above a card
        "prediction": asks,
        "explorer": plays,
        "blank": asked,
        "figure": [text.partition(": ")[2] for text in shown if text.startswith("Figure")],
        "code": [] if folded or asked else ["code"],
    }
    section.items += [(kind, name) for kind, names in found.items() for name in names]
    section.fresh = bool(cell.get("outputs")) and not (asks or asked or plays)
    if asks:  # what was told before the question does not answer it
        section.told.clear()
    if asked or plays:
        (section.tasks if asked else section.plays)[(asked or plays)[0]] = section.ahead
        section.ahead = ""


def _options(cell) -> int:
    """How many options a card shows, from what is committed of it."""
    cards = (o.data.get("text/markdown", "") for o in cell.get("outputs", []) if "data" in o)
    return sum(card.count("\n- ") for card in cards)


def printed(cell) -> list[str]:
    """What a cell prints, its columns as they stand.

    Of a long output whole lines are cut from the middle; indented lines go with their heading.
    """
    out = "".join(o.text for o in cell.get("outputs", []) if o.output_type == "stream")
    lines = textwrap.dedent("\n".join(line.rstrip() for line in out.splitlines() if line.strip()))
    blocks = re.split(r"\n(?! )", lines)
    cut = 0
    while len(blocks) > 2 and lines.count("\n") + 1 - cut > PRINTED:
        cut += blocks.pop(-2).count("\n") + 1
    mark = [f"[… {cut} lines, slide]"] * (cut > 0)
    return ["\n".join([*blocks[:-1], *mark, blocks[-1]])] if lines else []


def _hear(section: Section, source: str, kind: str) -> None:
    """Keep what a text says: of a result, of the explorer before it, of what comes next."""
    folded = re.match(r"<details><summary>Answer</summary>(.*?)</details>", source, re.DOTALL)
    if folded:
        if section.items and section.items[-1][0] == "explorer":
            section.answers[section.items[-1][1]] = folded[1]
        source = source[folded.end() :]
    text = re.sub(r"^##? .*", "", source).partition("**Further reading.**")[0]
    text = text.partition("**Next:**")[0].partition("**Before:**")[0].strip()
    if not text:
        return
    room = re.match(r"\*\*Ask the room\.\*\* (.*)", text, re.DOTALL)
    if room:
        section.items.append(("room", flat(room[1])))
        return
    if PENCIL.match(text):
        section.items.append(("work", text))
        return
    section.noted.append(text)
    asks = re.search(r"(?:^|\n\n)\*\*(Your turn|Play|Vary)\.\*\* (.*)", text, re.DOTALL)
    if asks:
        section.ahead, text = asks[2], text[: asks.start()].strip()
    if text:
        section.items.append((kind, text))
    if section.fresh and text:
        section.told.append(text)
        section.fresh = False


# --- words ------------------------------------------------------------------------------------


def but_formulas(change: Callable[[str], str], text: str) -> str:
    """``change`` a text, and leave its formulas: what looks like a tag in them is none."""
    kept = []

    def keep(found):
        kept.append(re.sub(r"\s+", " ", found[0]))
        return f"\0{len(kept) - 1}\0"

    changed = change(re.sub(r"\$[^$]+\$", keep, text))
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], changed)


def _plain(text: str) -> str:
    text = re.sub(r"</?(i|em)>", "*", re.sub(r"\s+", " ", text))
    text = re.sub(r"</?(b|strong)>", "**", text)
    text = re.sub(r"</?code>", "`", text)
    return html.unescape(re.sub(r"<(?!/?su[bp]>)/?[A-Za-z][^>]*>", "", text)).strip()


def plain(text: str) -> str:
    """Text with inline HTML as one line of Markdown; a star or an underscore stays one."""
    return but_formulas(_plain, text)


TABLE = r"((^|\n) *\|.*)+"
BELOW = "(the table below)"


def tables(text: str) -> list[str]:
    """The tables of a text as they stand, their links as words."""
    found = (re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", m[0]) for m in re.finditer(TABLE, text))
    return ["\n".join(line.strip() for line in one.strip().splitlines()) for one in found]


def _flat(text: str) -> str:
    text = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", text)
    text = re.sub(r"(^|\n)#+ (.+[^?\n])(?=\n|$)", r"\1**\2.**", text)
    text = re.sub(r"(^|\n)#+ (.+)", r"\1**\2**", text)
    text = re.sub(TABLE, f" {BELOW}", text)
    return _plain(re.sub(r"(^|\n+) *(\*|\d\.) ", " · ", text))


@cache  # the clock asks for the same texts again and again
def flat(text: str) -> str:
    """A text of a notebook as one line: formulas inline, links and headings as their words."""
    return but_formulas(_flat, text.replace("$$", "$"))


def bare(sentence: str) -> str:
    """A sentence without the label before it, such as "Look, left."."""
    return re.sub(r"^(\*\*[A-Z][^*]*[.?:]\*\* |· )+", "", sentence)


def pieces(text: str) -> list[str]:
    """The parts of a text between which it may be cut: a list, a proof, a derivation is one."""
    parts: list[str] = []
    for paragraph in re.split(r"\n{2,}", text):
        before = parts[-1] if parts else ""
        goes_on = re.match(r" *(\$\$|\||[a-z]|[*·] |\d\. )", paragraph)
        opens = re.search(r"[:,]$|\$\$$", before)
        proves = re.search(r"\*\*[^*]*[Pp]roof[^*]*\*\*", before) and not paragraph.startswith("**")
        if before and (goes_on or opens or proves):
            parts[-1] = f"{before}\n\n{paragraph}"
        else:
            parts.append(paragraph)
    return parts


def short(text: str, least: float, where: str, leads: bool = False, shows: bool = False) -> str:
    """The start of a text, of ``least`` characters or more, with a mark at each place that is cut.

    Of the rest there remain the first words of each part with a label, such as "Right.", the
    sentences that the page needs (KEPT), what it comes to ("So …"), and the last one of a text
    that ``leads`` to a run.  Of a text that says what a result ``shows``, the sentences that only
    say how its figure was made are cut first.
    """
    parts, opens = [], []
    for piece in pieces(text):
        whole = re.search(r"\n *(\*|\d\.) |\$\$|[Pp]roof", piece)
        found = [flat(piece)] if whole else sentences(flat(piece))
        opens += [bool(re.match(LABEL, found[0])), *[False] * (len(found) - 1)]
        parts += found
    made = {i for i, part in enumerate(parts) if shows and re.match(LEGEND, bare(part))}
    kept = _first_words(parts, opens, made)
    taken = 0
    for place, part in enumerate(parts):
        if taken >= least and len(" ".join(parts[place:])) > LEAST:
            break
        kept |= {place} - made
        taken += 0 if place in made else len(part) + 1
    else:
        return " ".join(parts)
    kept |= {len(parts) - 1} if leads else set()
    kept |= {place for place, part in enumerate(parts) if PROOF.search(part)}
    told: list[tuple[str, bool]] = []  # a sentence, or a part as a whole, and whether it stays
    for place, part in enumerate(parts):
        for sentence in [part] if place in kept else sentences(part):
            needed = bare(sentence).startswith(KEPT) or (shows and re.match(SO, bare(sentence)))
            told.append((sentence, bool(place in kept or needed)))
    for place in range(len(told) - 1, 0, -1):  # what it points back to stays with it
        (before, there), (sentence, stays) = told[place - 1 : place + 1]
        if stays and not there and re.match(POINTS_BACK, bare(sentence).lstrip("*")):
            told[place - 1] = (before, True)
    said: list[str] = []
    for sentence, stays in told:
        if stays:
            said.append(sentence)
        elif not said or not re.search(r"\[…[^]]*\]$", said[-1]):
            label = re.match(rf"({LABEL} )?", sentence)[0]
            first = not any("[…," in words for words in said)
            said.append(label + (f"[…, {where}]" if first else "[…]"))
    return " ".join(said)


def _first_words(parts: list[str], opens: list[bool], made: set[int]) -> set[int]:
    """Which parts are the first words, LEAST characters or more, below a label."""
    found: set[int] = set()
    said = LEAST
    for place, part in enumerate(parts):
        said = 0 if opens[place] else said
        if said < LEAST and place not in made:
            found.add(place)
            said += len(part)
    return found


def sentences(text: str) -> list[str]:
    """The sentences of one line; a full stop inside a formula or brackets ends none."""
    return list(_sentences(text))


@cache
def _sentences(text: str) -> tuple[str, ...]:
    parts, now = [], ""
    # "et al. (2020) let" is one sentence.
    ends = r"(?<=[.?!])(?<!et al\.) (?=[A-Z*$“(])| (?=· )|(?<=[.?!][)*]) (?=[A-Z*$“(])"
    for piece in re.split(ends, text):
        now = f"{now} {piece}".strip()
        if now.count("$") % 2 == 0 and now.count("(") <= now.count(")"):
            parts.append(now)
            now = ""
    return (*parts, now) if now else tuple(parts)


def start_of(text: str, least: int) -> str:
    """The first sentences of a text, as many as make ``least`` characters."""
    taken = ""
    for sentence in sentences(text):
        taken = f"{taken} {sentence}".strip()
        if len(taken) >= least:
            break
    return taken


def letters(text: str) -> str:
    """Letters and digits alone, to compare what is said twice."""
    return re.sub(r"[^\w½⅒]", "", plain(text)).lower()


def comes_to(section: Section, lesson) -> list[str]:
    """What a section comes to: the answer in italics, what its last result says, or a rule."""
    told = section.told
    said = [_answered(section, lesson), _so(told[-1:]) or _so(told) or _seen(told[::-1])]
    noted = [bare(s) for text in section.noted for s in sentences(flat(text))]
    said += [s for s in noted if re.fullmatch(RULE, s)][:1]
    if not any(said):
        right = [lesson.predictions[name] for name in section.held("prediction")]
        said = [plain(asked.options[asked.answer]) for asked in right[:1]]
    if not any(said) and noted and not section.held("explorer"):
        said = [next((s for s in noted if s.startswith("**")), noted[-1])]
    apart = [s for s in dict.fromkeys(said) if s]
    return [s for s in apart if not any(s in other for other in apart if other != s)]


def _answered(section: Section, lesson) -> str:
    """The sentence that quotes the right answer of a prediction in italics."""
    right = [letters(lesson.predictions[n].answer) for n in section.held("prediction")]
    for text in section.noted:
        noted = sentences(flat(text))
        for place, sentence in enumerate(noted):
            for said in map(letters, re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", sentence)):
                if len(said) > 5 and any(said in answer or answer in said for answer in right):
                    more = noted[place + 1 : place + 2] if len(sentence) < LEAST else []
                    return bare(" ".join([sentence, *more]))
    return ""


def _so(told: list[str]) -> str:
    """The last "So …" of what texts tell of results."""
    so = [bare(s) for text in told for s in sentences(flat(text))]
    return next((s for s in so[::-1] if re.match(SO, s) and len(s) > 35), "")


def _seen(told: list[str]) -> str:
    """What texts tell first of results, beside the legend."""
    for said in ([bare(s) for s in sentences(flat(text))] for text in told):
        first = next((i for i, s in enumerate(said) if not re.match(LEGEND, s.lstrip("*"))), None)
        if first is not None:
            return start_of(" ".join(said[first:]), SEEN)
    return ""


def meant(asked: str, before: list[Section]) -> list[str]:
    """What earlier texts say of the letters and the terms of a question, in their own sentences."""
    told = [s for part in before for text in part.noted for s in sentences(flat(text))]
    letters_of = set(re.findall(r"\b[B-H]\b", asked))
    if re.search(r"(?<=[a-z] )A\b|\bA(?= (and|has|to)\b|'s)", asked):
        letters_of.add("A")
    terms = {term for s in told for term in re.findall(r"\*\*([a-z]{5,})\*\*", s)}
    ways = [rf"\${letter}\b" for letter in sorted(letters_of)]
    # "of width 32" is a size, and not the term that a text defines.
    sought = [term for term in sorted(terms) if re.search(rf"\b{term}\b(?! \d)", asked)]
    ways += [rf"\*\*{term}\*\*" for term in sought]
    found = (next((s for s in told if re.search(way, s)), "") for way in ways)
    return list(dict.fromkeys(s.lstrip("· ") for s in found if s))


@cache
def wide_rooms() -> frozenset[str]:
    """The questions to a room with more than MANY options, of all lessons."""
    return frozenset(
        text
        for lesson in all_lessons()
        for text, asked in rooms_of(lesson).items()
        if len(asked.options) > MANY
    )


def rooms_of(lesson) -> dict[str, Prediction]:
    """The questions to the room of a lesson, by their text: they have no card, and answers too."""
    return {flat(asked.question): asked for asked in getattr(questions_of(lesson), "ROOM", ())}


def questions_of(lesson):
    """The module in which a lesson asks."""
    name = lesson.notebook.partition("_")[2]
    return import_module(f"lecture_utils.lessons.{name}.questions")


def asking(prediction, words: list[str] = (), who: str = "Ask") -> str:
    """A question, what its letters mean, what the room will say, and what to answer."""
    lines = [f"* **{who}:** {plain(prediction.question)}"]
    if words:
        lines.append(f"    * Said before: {' '.join(words)}")
    for label, reply in prediction.options.items():
        right = " ✔" if label == prediction.answer else ""
        lines.append(f"    * “{label}”{right}: {plain(reply)}")
    if prediction.reveal:
        lines.append(f"    * The card adds: {plain(prediction.reveal)}")
    return "\n".join(lines)


def named(exercise) -> str:
    """The title of an exercise, without where it stands."""
    return plain(exercise.title).replace(" (in the lesson)", "").replace(" (in Going deeper)", "")


def key_line(exercise) -> str:
    """What stands in the solution below its head, on one line."""
    lines = [line.split("  #")[0].strip() for line in solution_text(exercise).splitlines()]
    body = " ".join(line for line in lines if line)
    if body.startswith("def "):
        tree = ast.parse(solution_text(exercise)).body[0]
        body = "; ".join(ast.unparse(step) for step in tree.body)
    return body


def doing(exercise, words: list[str] = (), asked: str = "", home: bool = False) -> str:
    """A blank: its task, what the notebook says to it, a hint, what goes in, a likely mistake."""
    task, mistake = plain(exercise.task), plain(next(iter(exercise.mistakes)))
    said = [f"    * Said before: {' '.join(words)}"] if words else []
    said += [f"    * In the notebook: {flat(asked)}"] if asked else []
    said += [f"    * First hint: {plain(exercise.hints[0])}"] if exercise.hints else []
    when = "press *Show solution* twice" if home else "four minutes"
    also = f" or, the same thing, `{ALSO[exercise.name]}`" if exercise.name in ALSO else ""
    skip = "" if home else " To skip: press *Show solution* twice."
    return "\n".join(
        [
            f"* **Their turn, {when}:** *{named(exercise)}*. {task}",
            *said,
            f"    * Goes in: `{key_line(exercise)}`{also}.{skip}",
            f"    * A likely mistake, and what the card says to it: {mistake}.",
        ]
    )


def _wording(node) -> str:
    """A string of the source; what a run fills in is left open."""
    if isinstance(node, ast.JoinedStr):
        return "".join(_wording(part) for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else "…"


def _source(kind, method: str) -> ast.AST:
    """The source of a method, parsed; nothing of it is run."""
    return ast.parse(textwrap.dedent(inspect.getsource(getattr(kind, method))))


def aim_of(kind) -> str:
    """An explorer's goal, also where it is worded from data ("…" for these)."""
    if hasattr(kind, "aim"):
        return kind.aim
    for node in ast.walk(_source(kind, "__init__")):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "self.aim":
            return _wording(node.value)
    return ""


def reached(kind) -> str:
    """What an explorer says at its goal, read from its source."""
    returned = [node for node in ast.walk(_source(kind, "goal")) if isinstance(node, ast.Return)]
    said = [_wording(node.value) for node in returned]
    return next((text for text in said if re.search(r"[a-z]", text)), "")


def _turned(kind, controls: dict, name: str, value) -> str:
    """ "*log₂ B* to 8", by the words beside the slider, or "the start to (0.3, 3.4)"."""
    if name in kind.points:
        return f"the {name.replace('_at', '')} to {value_text(value)}"
    label = plain(getattr(controls.get(name), "label", ""))
    return f"*{label if len(label) > 2 else name}* to {value_text(value)}"


def way_to(kind) -> str:
    """The way to an explorer's goal: declared values or a sentence, or what a run has found."""
    way, controls = getattr(kind, "answer", None), getattr(kind, "controls", {})
    if kind.__name__ in FOUND:
        way = FOUND[kind.__name__]
        controls = controls or kind.example().declared  # they come with its data too
    if isinstance(way, dict) and way:
        turned = ", ".join(_turned(kind, controls, n, value) for n, value in way.items())
        ours = " (so in our run)" if kind.__name__ in FOUND else ""
        return f"set {turned}{ours}. {SIGHTS.get(kind.__name__, '')}".strip()
    return plain(inspect.getdoc(way) or "") if callable(way) else ""


def exploring(kind, play: str = "", answer: str = "", home: bool = False) -> str:
    """An explorer: its goal, a way there, and what the notebook asks of it."""
    when = "at home" if home else "four minutes"
    goal = plain(aim_of(kind)).replace("….", "a number that the explorer tells.")
    lines = [f"* **Explore, {when}:** *{plain(kind.title)}*. Goal: {goal}"]
    says = f" At the goal it says: “{plain(reached(kind))}”" if reached(kind) else ""
    lines.append(f"    * A way there: {way_to(kind)}{says}")
    if play and answer:
        lines.append(f"    * The notebook asks: {flat(play)} Answer: {flat(answer)}")
    elif play:
        lines.append(f"    * The notebook says: {flat(play)}")
    return "\n".join(lines)


def value_text(value) -> str:
    """0.25 as "0.25", a point as "(0.3, 0.1)"."""
    if isinstance(value, (tuple, list)):
        return "(" + ", ".join(map(value_text, value)) + ")"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def of_lecture(sources: str) -> str:
    """ "S7–S27, N2" is "slides 7–27 of the lecture, section 2 of its note"."""
    parts = sources.split(", ")
    slides = ", ".join(part.replace("S", "") for part in parts if part.startswith("S"))
    notes = ", ".join(part.replace("N", "") for part in parts if part.startswith("N"))
    told = [f"slides {slides} of the lecture"] if slides else []
    whose = "its" if slides else "the lecture's"
    return ", ".join(told + ([f"section {notes} of {whose} note"] if notes else []))


# --- a page -----------------------------------------------------------------------------------


def need(sections: list[Section], spared=frozenset(), said: bool = True) -> float:
    """The minutes that a lesson takes of a class, its first slide included."""
    return TITLE + sum(section.minutes(spared, said) for section in sections[1:])


def droppable(sections: list[Section]) -> list[tuple[str, str]]:
    """What a class can do without, first things first.

    What the notes say beyond the page goes always, since a class is spoken to from the page; then
    explorers, code, blanks, further figures, derivations.
    """
    every = [item for section in sections for item in section.items]
    found = [REST] * (need(sections) - need(sections, {REST}) >= LITTLE)
    found += [(kind, name) for kind, name in every if kind == "explorer" and name not in HEART]
    found += [CODE] * (CODE in every)
    found += [item for item in every if item[0] == "blank"]
    figures = [name for part in sections for name in part.held("figure")[1:]]
    found += [("figure", name) for name in figures if not name.startswith(NEEDED_FIGURES)]
    return found + [item for section in sections for item in section.derivations()]


def without_card(sections: list[Section]) -> list[Section]:
    """The sections that can go as a whole, last first: no card asks in them, and none ends.

    What an objective is about comes last.
    """
    found = [part for part in sections[-2::-1] if can_go(part) and not part.held("prediction")]
    return sorted(found, key=lambda part: part.heading in DEAR)


def can_go(section: Section) -> bool:
    """Whether what follows is understood without it, and it is not about its explorer."""
    held = HEART & set(section.held("explorer")) or section.heading in NEEDED
    return bool(section.slides) and not held


def spared_from(sections: list[Section], minutes: int) -> list[tuple[str, str]]:
    """What is left for home from the start, so that the rest fits the minutes of the class."""
    spared: list[tuple[str, str]] = []
    for item in droppable(sections) + [part.whole for part in without_card(sections[1:])]:
        if item != REST and need(sections, set(spared)) <= minutes:
            break
        spared.append(item)
    for item in spared[-2::-1]:  # the last one took more than was needed: what fits comes back
        if item != REST and need(sections, set(spared) - {item}) <= minutes:
            spared.remove(item)
    return spared


def marks(sections: list[Section], spared=frozenset()) -> list[int]:
    """The minute at which each section begins, and the end."""
    took = [TITLE, *(section.minutes(spared) for section in sections[1:])]
    return [*(int(sum(took[:place])) for place in range(len(took))), math.ceil(sum(took))]


def called(item: tuple[str, str], sections: list[Section], lesson, explorers: dict) -> str:
    """What the page calls an explorer, a blank or a further figure."""
    kind, name = item
    if item == REST:
        return "what the notes say beyond this page"
    if item == CODE:
        return "the code on the slides"
    if kind == "section":
        return f"{_place(next(part for part in sections if part.whole == item))} as a whole"
    if kind == "slide":
        section = next(part for part in sections if item in part.items)
        return f"the slide *{DERIVES.match(name)[1]}* of {_place(section)}"
    if kind == "explorer":
        return f"the explorer *{plain(explorers[name].title)}*"
    if kind == "blank":
        return f"the blank *{named(lesson.exercises[name])}*"
    section = next(section for section in sections if name in section.held("figure"))
    number = section.held("figure").index(name) + 1
    words = ", all but ⇒" if ends_unsaid(section, item, lesson) else ""
    return f"figure {number} of {_place(section)}, and its words{words}"


def ends_unsaid(section: Section, item: tuple[str, str], lesson) -> list[str]:
    """What a section comes to, in words that go with a figure: this much of them is said still."""
    went = " ".join(flat(section.items[place][1]) for place in section.unsaid({item}))
    return [end for end in comes_to(section, lesson) if end in went]


def _place(section: Section) -> str:
    """What the page calls a section: by its number, or by its heading."""
    number = section.heading.partition(".")[0]
    return f"section {number}" if number.isdigit() else f"*{section.heading}*"


def late(
    ahead: list[Section], spared: list[tuple[str, str]], lesson, explorers: dict
) -> list[tuple[str, float]]:
    """What to drop of the sections ahead, in order, each with the minutes that it wins back.

    First what a class can do without; then of each section what comes after its question, or,
    where it asks nothing, all of it (its sentence after the arrow is said), the smallest first and
    what an objective is about last; at the very end sections whose question has no card.
    """
    gone, found = set(spared), []
    for item in droppable(ahead):
        if item not in gone:
            won = sum(section.minutes(gone) - section.minutes(gone | {item}) for section in ahead)
            held = [part for part in ahead if item[0] == "figure" and item in part.items]
            still = [end for part in held for end in ends_unsaid(part, item, lesson)]
            won -= sum(map(spoken, still))
            found.append((called(item, ahead, lesson, explorers), won))
            gone.add(item)
    parts, last = [], []
    for section in ahead[-2::-1]:
        if section.whole in gone or not can_go(section):
            continue
        asks = [i for i, (kind, _) in enumerate(section.items) if kind in ASKS]
        said = sum(spoken(end) for end in comes_to(section, lesson))
        took, place = section.minutes(gone), _place(section)
        if not asks:
            parts.append((section, f"{place} as a whole", took - said))
            continue
        kept = replace(section, items=section.items[: asks[-1] + 1]).minutes(gone) + said
        which = ORDINALS[len(asks) - 1] + " " if len(asks) > 1 else ""
        parts.append((section, f"{place} after its {which}question", took - kept))
        if not section.held("prediction"):
            last.append((f"{place} as a whole", min(took, kept) - said))
    parts.sort(key=lambda one: (one[0].heading in DEAR, round(one[2])))
    every = [*found, *((name, won) for _, name, won in parts), *last]
    return [(name, won) for name, won in every if won >= 0.5]


def drops(ahead: list[Section], spared: list[tuple[str, str]], lesson, explorers: dict) -> str:
    """The last column of the clock: enough to win LATE minutes back, or all that there is."""
    found = enough(wins(ahead, spared, lesson, explorers))
    return "; ".join(f"{name} ({won})" for name, won in found) or "nothing left to drop"


def wins(ahead, spared, lesson, explorers) -> list[tuple[str, int]]:
    """What `late` finds, in whole minutes."""
    return [(name, max(1, round(won))) for name, won in late(ahead, spared, lesson, explorers)]


def enough(found: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """As many of the first as win LATE minutes, or all."""
    before = [sum(won for _, won in found[:place]) for place in range(len(found))]
    return [one for one, won in zip(found, before, strict=True) if won < LATE]


def plan(sections: list[Section], spared: list[tuple[str, str]], lesson, explorers: dict) -> str:
    """The table of the clock: what runs when, in order, and what to drop when late."""
    words = {
        "prediction": "ask",
        "room": "ask",
        "blank": "blank",
        "explorer": "explore",
        "figure": "figure",
        "work": "pencil",
    }
    rows = [
        f"| at minute | in {HOUR} | section | in this order | late? drop, from the left "
        "(minutes won) |",
        "|:--|:--|:--|:--|:--|",
    ]
    *begins, end = marks(sections, set(spared))
    *longer, last = marks(sections, hour_spares(sections, spared))
    for place, (at, then, section) in enumerate(zip(begins, longer, sections, strict=True)):
        kept = [item for item in section.items if item not in spared]
        order = [words[kind] for kind, _ in kept if kind in words]
        order = ["at home: say what stands after ⇒"] if section.whole in spared else order
        ahead = section is not sections[-1]
        drop = drops(sections[max(place, 1) :], spared, lesson, explorers) if ahead else READ
        name = section.heading if place else "The question"
        told = ", ".join(order) or "read and talk"
        rows.append(f"| {at} | {then} | {name} | {told} | {drop} |")
    until = f"{lesson.minutes[0] + QUESTIONS}, or {last + QUESTIONS}"
    rows.append(f"| {end} | {last} | questions of the room, until {until} | | |")
    found = wins(sections[1:], spared, lesson, explorers)
    more = "; ".join(f"{name} ({won})" for name, won in found[len(enough(found)) :])
    later = f"\n**Later still?** Of what is still ahead, in this order: {more}." if more else ""
    return "\n".join([*rows, later]).rstrip()


def fitting(sections: list[Section], spared: list[tuple[str, str]], lesson, explorers) -> str:
    """What a lesson needs in minutes, and what of it goes home from the start."""
    text = f"Everything needs {math.ceil(need(sections))} minutes."
    left = [item for item in spared if item != REST]
    if REST in spared:
        saved = max(1, round(need(sections) - need(sections, {REST})))
        text += f" Speaking from this page, and not from all of the notes, saves {saved}."
    if left:
        names = "; ".join(called(item, sections, lesson, explorers) for item in left)
        text += f" **Leave for home from the start:** {names}."
    if spared:
        text += f" What remains needs {math.ceil(need(sections, set(spared)))}."
    return text


def hour_spares(sections: list[Section], spared: list[tuple[str, str]]) -> set[tuple[str, str]]:
    """What stays at home in a class of an hour too."""
    gone = set(spared)
    for item in spared[::-1]:
        if need(sections, gone - {item}) <= HOUR - QUESTIONS:
            gone.remove(item)
    return gone


def hour(sections: list[Section], spared: list[tuple[str, str]], lesson, explorers) -> str:
    """Which pieces come back in a class of an hour, in running order, each with its minutes."""
    gone, back = hour_spares(sections, spared), []
    now = set(spared)
    for item in spared[::-1]:
        if item not in gone:
            more = need(sections, now - {item}) - need(sections, now)
            now.remove(item)
            back.append((item, max(1, round(more))))
    order = [one for part in sections for one in (part.whole, *part.items)] + [REST]
    back.sort(key=lambda one: order.index(one[0]))
    end = f"The lesson then ends at minute {math.ceil(need(sections, gone))}."
    if not back:
        return f"**In {HOUR} minutes** nothing comes back."
    told = "; ".join(f"{called(item, sections, lesson, explorers)} ({m})" for item, m in back)
    return f"**In {HOUR} minutes** put back {told}. {end}"


def marked(lines: list[str], ends: list[str]) -> list[str]:
    """The lines of a section, with what it comes to in bold where it stands, or after them."""
    for end in ends:
        bold = f"**⇒ {end.replace('**', '')}**"
        place = next((i for i, line in enumerate(lines) if end in line), None)
        if place is None:
            lines = [*lines, f"* {bold}"]
        else:
            lines = [*lines[:place], lines[place].replace(end, bold, 1), *lines[place + 1 :]]
    return lines


def _from_minute(section: Section, place: int, clocks) -> str:
    """When a part of a section begins, by the clock of the class and that of the hour."""
    before = replace(section, items=section.items[:place])
    at, then = (int(begin + before.minutes(gone)) for begin, gone in clocks)
    return f"from minute {at}, in {HOUR} minutes from {then}"


def teaching_of(section, before: list[Section], spared, lesson, page: str, clocks=()) -> str:
    """What to do and say in a section, in running order; ``page`` is what stands before it.

    ``clocks`` says for the class and for the hour when it begins, and what is left for home.
    """
    explorers = explorers_of(lesson)
    lines = [f"**{section.heading}**\n"]
    if section.whole in spared:
        lines.append("* **At home:** in class say what stands after ⇒ alone.")
    known = [*before, Section("", noted=section.noted[:1])]
    words, unsaid = {"slide": "On the slide", "notes": "Say"}, section.unsaid(spared)
    for place, (kind, name) in enumerate(section.items):
        told, home = "\n".join([page, *lines]), (kind, name) in spared
        if kind in TEXTS:
            part = PART.match(name)
            if part and clocks:
                lines.append(f"\n*{_from_minute(section, place, clocks)}:* **{part[1]}**\n")
            if place not in unsaid:
                said = section.said(place)
                said = re.sub(r"^\*\*.*?\*\* ", "", said) if part else said
                board = ", on the board" * bool(kind == "notes" and BOARD.search(name))
                lines.append(f"* **{words[kind]}{board}{', at home' * home}:** {said}")
                shown = tables(name) if BELOW in said else []
                lines += ["\n" + textwrap.indent(table, "  ") + "\n" for table in shown]
        elif kind == "room":
            lines.append(asking(rooms_of(lesson)[name], who="Ask the room"))
        elif kind == "work":
            lines.append("* " + flat(name).replace(".**", ":**", 1))
            lines.append(f"    * For you: {plain(pencil_of(lesson, name))}")
        elif kind == "prediction":
            prediction = lesson.predictions[name]
            said = meant(" ".join([prediction.question, *prediction.options]), known)
            lines.append(asking(prediction, [text for text in said if text not in told]))
        elif kind == "blank":
            exercise = lesson.exercises[name]
            said = meant(f"{exercise.title} {exercise.task}", [*known, section])
            said = [text for text in said if text not in told]
            lines.append(doing(exercise, said, section.tasks[name], home))
        elif kind == "explorer":
            play, answer = section.plays[name], section.answers.get(name, "")
            lines.append(exploring(explorers[name], play, answer, home))
        elif kind == "figure":
            lines.append(f"* **Show{', at home' if home else ''}:** {name}")
        elif kind == "printed":
            lines.append(_printing(name))
    return "\n".join(marked(lines, comes_to(section, lesson)))


def _printing(out: str) -> str:
    """What a cell prints: one line in the text, more as they stand."""
    if "\n" not in out:
        return f"* **Run:** it prints `{out}`"
    block = textwrap.indent(f"```text\n{out}\n```", "  ")
    return f"* **Run:** it prints\n\n{block}\n"


def opening(title: Section, taught: set[str] = frozenset()) -> str:
    """The first two minutes: the question with its words, and what one can do afterwards.

    An objective names its "(section 7)" where that is not among the ``taught`` ones: at home.
    """
    able = re.findall(r"^\d\. (.+)", "\n".join(title.noted), re.MULTILINE)
    able = [
        re.sub(
            r"\((section \d+)\)", lambda m: m[0] if m[1] in taught else f"({m[1]}, at home)", one
        )
        for one in able
    ]
    told = [f"* **Say:** {flat(text)}" for text in title.held("notes")]
    can = " ".join(flat(line) for line in able)
    asked, *others = title.noted[0].split("\n\n")
    words = re.sub(r"^\*\*.*?\*\*", "", asked).strip()
    rest = [p for p in others if not re.match(r"After|\d\. |\*\*Time", p)]
    more = " ".join(flat(p) for p in [words, *rest] if p)
    first = f"* **On the slide:** the question above. {more} Afterwards you can: {can}"
    return "\n".join(["**The question**\n", re.sub("  +", " ", first), *told])


def before(title: Section, needs: str) -> str:
    """What to know first, as the title slide says it, and the lessons that it does not name."""
    found = re.search(r"\*\*You need:\*\* (.+?)\.? \*\*Covers", title.noted[0], re.DOTALL)
    said = flat(found[1])
    unsaid = [number for number in re.findall(r"\d\d", needs) if number not in said]
    return "; ".join([*unsaid, said])


def left_to_do(lesson, homework: dict[str, str]) -> str:
    """The exercises for home, each with where it stands and the sentence that says what to do."""
    lines = []
    for name, under in homework.items():
        told = sentences(plain(lesson.exercises[name].task))
        place = [bool(re.search(r"\b[Rr]eturn\b|^Write|^Name", s)) for s in told].index(True)
        points = place and re.search(r"\b(it|these|this order)\b", told[place])
        first = place - 1 if points else place
        if re.search(r"[a-z]<sub>[A-Z]</sub>", told[place]):  # what is named before, by a letter
            first = 0
        asks = " ".join(told[first : place + 1])
        lines.append(f"* *{named(lesson.exercises[name])}*, in *{plain(under)}*: {asks}")
    return "\n".join(["**Homework**\n", *lines])


def page(lesson) -> str:
    """The teacher's page of one lesson."""
    notebook = nbformat.read(FOLDER / f"{lesson.notebook}.ipynb", as_version=4)
    sections, homework = on_slides(notebook)
    explorers, minutes = explorers_of(lesson), lesson.minutes[0]
    first, *body = sections
    last = next(section for section in body if section.heading.endswith(LAST))
    spared = spared_from(sections, minutes)
    blocks = [opening(first, {_place(part) for part in body if part.whole not in spared})]
    gones = [set(spared), hour_spares(sections, spared)]
    for place, section in enumerate(body):
        if section is not last:
            clocks = [(need([first, *body[:place]], gone), gone) for gone in gones]
            told = "\n".join(blocks)
            blocks.append(teaching_of(section, body[:place], set(spared), lesson, told, clocks))
    parts = [
        f"## {lesson.number} {lesson.title}",
        f"*{lesson.question}* {minutes} minutes of class, and {QUESTIONS} for questions. "
        f"{fitting(sections, spared, lesson, explorers)} "
        f"[The notebook]({lesson.notebook}.ipynb). Know first: {before(first, lesson.needs)}. "
        f"It covers {of_lecture(lesson.sources) or 'what the lecture leaves out'}.",
        plan(sections, spared, lesson, explorers),
        hour(sections, spared, lesson, explorers),
        *blocks,
        "**The answer of the lesson**\n\n" + final(last),
    ]
    if key := key_of(lesson):
        parts.append(key)
    if homework:
        parts.append(left_to_do(lesson, homework))
    return "\n\n".join(parts)


def key_of(lesson) -> str:
    """What stands on no slide: what a class is to find out, in a lesson that has a KEY."""
    rows = list(getattr(questions_of(lesson), "KEY", ()))
    if not rows:
        return ""
    lines = [rows[0], [":--"] * len(rows[0]), *rows[1:]]
    table = "\n".join("| " + " | ".join(map(plain, line)) + " |" for line in lines)
    return f"**The key**\n\n{questions_of(lesson).KEY_STANDS}\n\n{table}"


def pencil_of(lesson, task: str) -> str:
    """What comes of a work on paper, and what to do with it, from the lesson's PENCIL."""
    found = [said for first, said in questions_of(lesson).PENCIL.items() if first in flat(task)]
    if len(found) != 1:
        raise ValueError(f"PENCIL of {lesson.notebook} has {len(found)} answers to {task!r}.")
    return found[0]


def final(section: Section) -> str:
    """The first paragraph of the lesson's summary, or its list."""
    first = section.noted[0].split("\n\n")[0]
    lines = [flat(line.removeprefix("* ")) for line in re.split(r"\n(?=\* )", first)]
    return lines[0] if len(lines) == 1 else "\n".join(f"* {line}" for line in lines)


HEAD = f"""# For the teacher

**To start, in five lines.**

1. *Install and open:* `make lab` in the folder of the course (Linux, macOS; Python 3.11 or newer; \
the first time takes a few minutes and the network). Elsewhere: `pip install -e ".[lab]"`, then \
`python -m lecture_utils`. It opens your own copy of the notebooks in the browser.
2. *Before the class:* open the notebook, *Run › Run All Cells*. Nothing stops: a blank says \
“not attempted yet”, a prediction waits for its answer, and outputs that would give the answer \
away stay covered until you commit or ask for them. It takes one to four minutes, by lesson and \
machine (a cell that takes longer counts its seconds), so start it before the room fills. Students \
with laptops install the day before, and press *Run All Cells* when they sit down.
3. *Slides:* press *slides* in the notebook's toolbar. → or Page Down (a clicker too) goes on, \
← or Page Up back, *n* opens notes and a clock in a second window, *o* shows all slides, *c* shows \
code that is too long for a slide, *u* uncovers what answers its question, *b* darkens, Escape \
goes back to the notebook. Cards and explorers stay live. To fill in a blank, click into its cell, \
type, and press Shift + Enter. Escape leaves the cell, a second one the slides. Page Down always \
goes on; the arrows only where no cell, card or explorer takes them. *Claims* (what the \
lecture says, and the verdict of this run) and exercises are off the slides: they are for reading \
at home, and nothing in class waits for them.
4. *Commit for the room:* ask for hands, choose the answer of most, press *Commit*. The card says \
what is right and why; what was measured is on a slide that follows.
5. *Without laptops* that is all: write the counts on the board before *Commit*, and at a blank \
the room dictates what you type. *With laptops* all open their own copy as in line 1; at a \
question first hands, the counts on the board, then all commit; each blank and each explorer gets \
four minutes.

**How to read a page.** Give the lesson from its page: the window of notes stays closed, you say \
what stands here, and […] marks what is left out. *Everything needs* counts each slide, blank and \
explorer, and all that the notes say; the title slide rounds that up to fives, “with everything”. \
Where the class is too short for it, the page names what to leave for home from the start (**at \
home** below). What is at home you pass by; of a blank show its solution. Code stands above what \
it prints or draws, on the same slide or on the page before (longer code only after *c*). If *the \
code on the slides* is named, do not read it out: go on to what stands below it. *In {HOUR} \
minutes* ({HOUR - QUESTIONS} and {QUESTIONS} for questions) says what comes back, and for how \
many minutes. If *what the notes say beyond this page* comes back, open the window of notes \
and read out all of it.

The table is the clock of what remains: where each section begins, what comes in it and in which \
order. Its second column is the clock of {HOUR} minutes, with all that then comes back. *Late?* \
Look at the row of the section that you are about to begin. Its last column names \
what can go, each with the minutes won: leave out the first; if that does not win enough, the \
second too, and so on. Together the pieces of a row win {LATE} minutes or more, or, where less is \
ahead, all that can still go. *Later still?* below the table goes on where the rows stop. \
Whatever goes, each ⇒ is said. A section *as a whole*: say what stands after ⇒, and nothing else. \
A section *after its question*: let the room answer, commit (or, where there is no card, read out \
the replies), say what stands after ⇒, and go on to the next section; where a section asks more \
than once, the row names the question. A *figure, and its words*: pass by its slide and by what \
is said of it; *all but ⇒*: say of these words the ⇒ alone. Where a section has more than one ⇒, \
say all of them, from the top. \
{QUESTIONS} minutes more are for questions. If you do not have them, begin as if {QUESTIONS} \
minutes late.

The minutes are counted, not measured in your room: {MINUTES["prediction"]:g} for each *Ask* \
({MINUTES["prediction"] + HANDS:g} with more than {MANY} options), the same for each \
*Ask the room*, {MINUTES["figure"]:g} for each figure, {MINUTES["blank"]:g} for each blank \
({SHOWN:g} where its solution is shown) and each explorer, {100 / WORDS_A_MINUTE:.1f} for 100 \
words on the slide or in the notes, {FORMULA:g} for a formula on its own line, \
{MINUTES["printed"]:g} for a table, {LINE:g} for each printed line where there are more than \
{FEW}, {CELL:g} more for each long \
formula in a table, {MINUTES["code"]:g} for a cell of code, {TITLE:g} for the title. *With pencil* \
says its own.

**On the slide** everyone reads it; **Say** is in the notes alone (**on the board**: write its \
formulas, no slide shows them). **[…, slide]** marks a cut whose words stand on the slide, \
**[…, notes]** one whose words stand in the notes; further cuts of the same text are marked \
**[…]**. **Ask** comes before what answers it is shown (what is printed above a card belongs to \
the question); the options are what the room will say, each with the sentence to answer it, and \
the right one has a ✔. \
**Ask the room** is the same without a card: hands, counts on the board. Nothing is covered, so \
*u* is not needed: go on to the figure, let the room find its answer there, and then read out the \
reply to each option. **With pencil** all work on paper; *For you* says what comes of it. \
**Their turn** is a blank: the room completes a line of code, and *Goes in* is that line. \
**Explore** is an explorer: the room moves what it shows toward the goal, and *A way there* is one \
setting that reaches it. \
**Show** says in words what a figure shows, **Run** what a cell printed when we ran it \
(numbers after ≈ differ a little on your machine). **⇒** marks what a section comes to, in the \
notebook's own sentence. “…” stands \
for a number that the run fills in. The course takes two documents of one university class at \
their word, the slides of the lecture *Optimization* (Hung-yi Lee) and its note *What to do if my \
network fails to train*; S and a number is a slide of the first, N and a number a section of the \
second, “the note” below: S38 is slide 38, N3.2 is section 3.2. Say so to the room when the first \
one comes. You need neither: what they claim stands here in our words.

**The answers of the room.** With laptops, everyone presses *Export* on the page of progress in \
notebook 00 after class and hands in `my_answers.json`. Thirty files of one name cannot lie in one \
folder: rename them, or give each a subfolder. Then

```
python -m lecture_utils tally folder
```

reads them all, subfolders too, draws what the room predicted, question by question \
(`room.png`), and writes the table beside it (`room.md`). Both hold counts alone, no name of a \
file or of a student. No account and no network is needed.

"""


def teaching() -> str:
    """The text of TEACHING.md."""
    return HEAD + "\n\n".join(page(lesson) for lesson in all_lessons()) + "\n"
