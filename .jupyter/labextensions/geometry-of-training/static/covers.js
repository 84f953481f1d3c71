// The outputs of a notebook come with it, and would answer its predictions before they are
// made, as would the text that reads them. Both stay covered until the prediction above them is
// committed, or until somebody asks to see them.
//
// The cells that answer it carry the tag `answers-NAME` (tests/notebooks/covers.py writes them).
// The card says that it is committed by an event, `lecture-committed` (cards.py).

const version = new URL(import.meta.url).search; // as container.js says
const { ASIDE, CARD, codeCells, forEachCode, makeNote, outputOf, plainText, savedOutputs, setNote } =
  await import(`./notes.js${version}`);

const ASKS = /\.predict\(\s*["'](\w+)["']\s*\)/;
const uncovered = new WeakMap(); // panel -> names of predictions that were uncovered

export function coverAnswers(panel, kit) {
  uncovered.set(panel, new Set());
  const renew = () => renewCovers(panel);
  forEachCode(panel, (cell) => {
    cell.model.outputs.changed.connect(renew);
    renew();
  });
  panel.content.node.addEventListener("lecture-uncover", ({ detail }) => {
    uncoverCells(panel, detail.places);
  });
  panel.content.node.addEventListener("lecture-committed", ({ target, detail }) => {
    const cell = panel.content.widgets.find((c) => c.node.contains(target));
    if (!cell) return;
    const kept = cell.model.getMetadata("lecture") ?? {};
    const { answer: committed, verdict } = detail;
    if (kept.committed !== committed || kept.verdict !== verdict)
      cell.model.setMetadata("lecture", { ...kept, committed, verdict });
    renew();
  });
}

// What a prediction asks, as its card has told it: the question itself, which is said last, and the
// sentence before it where there is room, or where the question alone would say too little.
function questionOf(cell) {
  const told = savedOutputs(cell).map(plainText).find((text) => text.startsWith("Prediction: "));
  const [all] = (told ?? "").replace("Prediction: ", "").split(" Options: ");
  const sentences = all.split(/(?<=[.?!]) (?=[A-Z"])/);
  const last = sentences.slice(-2).join(" ");
  return last.length < 110 || sentences.at(-1).length < 30 ? last : sentences.at(-1);
}

// Lift the covers of these cells; the slides ask for it.
function uncoverCells(panel, places) {
  const tags = places.flatMap((i) => panel.content.widgets[i].model.getMetadata("tags") ?? []);
  for (const { name } of predictions(panel))
    if (tags.includes(`answers-${name}`)) uncovered.get(panel)?.add(name);
  renewCovers(panel);
}

export function uncoverAll(panel) {
  for (const { name } of predictions(panel)) uncovered.get(panel)?.add(name);
  renewCovers(panel);
}

// What was shown once stays so, the next evening too: its cell's metadata say it.
function remember(panel, names) {
  for (const { name, cell } of predictions(panel)) {
    if (!names.includes(name)) continue;
    uncovered.get(panel).add(name);
    cell.model.setMetadata("lecture", { ...cell.model.getMetadata("lecture"), shown: true });
  }
}

// The button that was pressed is gone, and the keys with it, unless the cell takes them.
function focusOn(panel, cell) {
  if (panel.node.classList.contains("lecture-slides")) return;
  panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
  panel.content.activate();
}

// Every prediction: its name, its cell, the cells whose outputs answer it, and the texts that do.
const predictions = (panel) => codeCells(panel).flatMap((cell) => {
  const name = ASKS.exec(cell.model.sharedModel.source)?.[1];
  if (!name) return [];
  const tagged = panel.content.widgets
    .filter((c) => (c.model.getMetadata("tags") ?? []).includes(`answers-${name}`));
  const [answers, texts] = ["code", "markdown"].map((kind) => tagged.filter((c) => c.model.type === kind));
  // What was committed stands above the output that answers it, not above what comes on the way.
  const place = answers.find((c) => c.model.getMetadata("tags").includes(`shows-${name}`)) ??
    answers.find((c) => shows(c) && tells(c)) ?? answers.find(shows);
  return [{ name, cell, answers, texts, place }];
});

function renewCovers(panel) {
  const open = uncovered.get(panel);
  const why = new Map(); // cell -> the predictions that it would answer
  const asked = new Map(); // name -> its question
  const said = new Map(); // cell -> what was committed to the questions that it answers
  const covered = new Set(); // texts
  for (const { name, cell, answers, texts, place } of predictions(panel)) {
    const question = questionOf(cell);
    asked.set(name, question ? `“${question}”` : "the prediction above");
    cell.node.dataset.asks = question; // so that the slides can say it
    for (const text of texts) text.node.dataset.waitsFor = asked.get(name);
    const { committed, shown } = cell.model.getMetadata("lecture") ?? {};
    if (shown) open.add(name);
    if (!committed && !open.has(name)) texts.forEach((text) => covered.add(text));
    for (const answer of answers.filter(shows))
      if (!committed && !open.has(name)) why.set(answer, [...(why.get(answer) ?? []), name]);
    if (committed && place && shows(place)) said.set(place, [...(said.get(place) ?? []), committed]);
  }
  for (const cell of panel.content.widgets)
    if (cell.model.type === "markdown") cell.node.classList.toggle("lecture-covered", covered.has(cell));
  for (const cell of codeCells(panel)) {
    const names = why.get(cell);
    outputOf(cell)?.classList.toggle("lecture-covered", Boolean(names));
    const uncover = () => {
      remember(panel, names);
      renewCovers(panel);
      focusOn(panel, cell);
    };
    const own = said.get(cell)?.join("; ");
    const questions = names?.map((name) => asked.get(name)).join(" and ");
    change(cell, "cover", names ? questions : own ? `own ${own}` : "", () => names
      ? makeNote(`Answer first: ${questions}`, [["Show it", uncover]])
      : makeNote(`You predicted: ${own}`));
  }
}

const written = new WeakMap(); // a note is made anew only when it says something else

function change(cell, kind, key, make) {
  if (!outputOf(cell) || (written.get(cell) ?? "") === key) return;
  written.set(cell, key);
  setNote(cell, kind, key ? make() : null);
}

// Whether a cell shows something that could answer: an output, and no card.
const shows = (cell) => {
  const outputs = savedOutputs(cell);
  return outputs.length > 0 && !outputs.some((output) => CARD.test(plainText(output)));
};

// Whether it shows something beside claims and how far it is.
const tells = (cell) => savedOutputs(cell).some((output) => !ASIDE.test(plainText(output)));
