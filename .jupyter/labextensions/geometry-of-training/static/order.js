// A cell that was run before the one that makes what it needs: say which, and offer to run it.

const version = new URL(import.meta.url).search; // as container.js says
const { codeCells, forEachCode, makeNote, outputOf, runCells, savedOutputs, setNote } =
  await import(`./notes.js${version}`);

const runs = new WeakMap(); // panel -> cells that this kernel has run since the page was opened

// A cell, after the cells that it needs and that have not run.
export const withNeeded = (panel, cell) => [...needed(panel, cell), cell];

export function explainOrder(panel, kit) {
  runs.set(panel, new Set());
  kit.NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    if (notebook === panel.content && cell.model.type === "code" && success)
      runs.get(panel).add(cell);
  });
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (status === "restarting" || status === "autorestarting") runs.get(panel).clear();
  });

  const explain = (cell) => {
    const error = savedOutputs(cell).find((o) => o.output_type === "error");
    const name = error?.ename === "NameError" && /name '(\w+)' is not/.exec(error.evalue)?.[1];
    const maker = name && lastMaker(above(panel, cell), name);
    const wrapper = outputOf(cell);
    wrapper?.classList.toggle("lecture-explained", Boolean(maker));
    if (!maker) return setNote(cell, "order", null);
    const cells = needed(panel, cell);
    if (!cells.includes(maker)) cells.unshift(maker);
    const sentence =
      `This cell needs “${name}”, which ${nameOf(panel, maker)} makes: run that one first.`;
    const many = cells.length === 1 ? "it" : `the ${cells.length} cells that this one needs`;
    setNote(cell, "order", makeNote(sentence, [
      [`▶ Run ${many}, then this one`, () => runCells(panel, kit, [...cells, cell])],
      ["Go there", () => goTo(panel, maker)],
      ["What Python said", () => wrapper.classList.toggle("lecture-explained")],
    ]));
  };
  forEachCode(panel, (cell) => {
    explain(cell);
    cell.model.outputs.changed.connect(() => explain(cell));
  });
}

const above = (panel, cell) => {
  const cells = codeCells(panel);
  return cells.slice(0, cells.indexOf(cell));
};

const lastMaker = (cells, name) => cells.findLast((cell) => makes(sourceOf(cell)).has(name));

const sourceOf = (cell) => cell.model.sharedModel.source;

function goTo(panel, cell) {
  panel.content.activeCellIndex = panel.content.widgets.indexOf(cell);
  panel.content.scrollToCell(cell);
}

// "the set-up cell", or the cell by its section and first line.
function nameOf(panel, cell) {
  if (cell === codeCells(panel).find((c) => /^(import|from) /.test(sourceOf(c))))
    return "the first code cell (the imports)";
  const cells = panel.content.widgets;
  const heading = cells.slice(0, cells.indexOf(cell)).map((c) => c.model)
    .findLast((m) => m.type === "markdown" && /^#{1,6} /m.test(m.sharedModel.source));
  const title = heading && /^#{1,6} (.*)$/m.exec(heading.sharedModel.source)[1];
  const line = sourceOf(cell).split("\n").find((l) => l.trim() && !l.startsWith("#")) ?? "";
  return `the cell “${line.slice(0, 50)}”` + (title ? ` in “${title}”` : "");
}

// The cells above that make what this one uses, and what those use, which have not run yet.
function needed(panel, cell) {
  const ran = runs.get(panel);
  const before = above(panel, cell);
  const found = new Set();
  const visit = (user) => {
    const uses = new Set(sourceOf(user).match(/[A-Za-z_]\w*/g) ?? []);
    const earlier = before.slice(0, user === cell ? undefined : before.indexOf(user));
    for (const name of uses) {
      const maker = lastMaker(earlier, name);
      if (!maker || found.has(maker) || ran.has(maker)) continue;
      found.add(maker);
      visit(maker);
    }
  };
  visit(cell);
  return before.filter((c) => found.has(c));
}

// The names that a cell gives to its notebook: what it imports, assigns and defines at its left
// edge, and the variables of its loops.
const known = new Map();

function makes(source) {
  if (known.has(source)) return known.get(source);
  const names = new Set();
  const add = (text) => (text.match(/[A-Za-z_]\w*/g) ?? []).forEach((name) => names.add(name));
  // A bracket that goes on over several lines is one line.
  const lines = source.replace(/\(([^()]*)\)/g, (all) => all.replace(/\n/g, " ")).split("\n");
  for (const line of lines) {
    const code = line.replace(/#.*$/, "");
    const imported = /^(?:from\s+\S+\s+)?import\s+(.*)$/.exec(code);
    const defined = /^(?:async\s+)?(?:def|class)\s+(\w+)/.exec(code);
    const assigned = /^([\w\s,()*]+?(?:\s*=(?!=)\s*[\w\s,()*]+?)*)\s*=(?!=)/.exec(code);
    const looped = /^\s*(?:for\s+(.+?)\s+in\b|with\b.*\bas\s+(\w+))/.exec(code);
    if (imported)
      for (const part of imported[1].split(",")) add(part.split(/\bas\b/).at(-1).split(".")[0]);
    if (defined) add(defined[1]);
    if (assigned && !/^\s/.test(code)) add(assigned[1]);
    if (looped) add(looped[1] ?? looped[2]);
    const inner = /^\s+(\w+(?:\s*,\s*\w+)*)\s*=(?!=)/.exec(code);
    if (inner && !/^(?:async\s+)?(?:def|class)\b/m.test(source)) add(inner[1]);
  }
  known.set(source, names);
  return names;
}
