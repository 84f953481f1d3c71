// Notes: what the course says at a cell, above the cell's output and never in it, so that
// nothing of it is saved with the notebook.

const STYLE = `
.lecture-notes { order: -1; flex: 0 0 100%; box-sizing: border-box;
  padding-left: calc(var(--jp-cell-prompt-width, 64px) + var(--jp-cell-collapser-width, 8px)); }
.lecture-notes:empty { display: none; }
.lecture-notes + *, .jp-Cell-outputWrapper:has(> .lecture-notes:not(:empty)) { flex-wrap: wrap; }
.jp-Cell-outputWrapper:has(> .lecture-notes:not(:empty)) { display: flex !important; }
.jp-Cell-outputWrapper:has(> .lecture-notes) > .jp-Cell-outputArea {
  flex: 1 1 0; min-width: calc(100% - var(--jp-cell-collapser-width, 8px)); }
.lecture-note { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 16px;
  font-size: 15px; line-height: 1.5; margin: 4px 0; padding: 3px 10px;
  border-left: 4px solid #0072b2; color: var(--jp-content-font-color1);
  background: var(--jp-layout-color2); }
.lecture-note button { font: inherit; color: inherit; cursor: pointer; margin: 0 8px 0 0;
  padding: 2px 12px; border: 1px solid var(--jp-border-color0); border-radius: 3px;
  background: var(--jp-layout-color1); }
.lecture-note button:hover { background: var(--jp-layout-color3); }
.lecture-note button:focus-visible { outline: 3px solid #0072b2; outline-offset: 1px; }
.lecture-covered .jp-MarkdownOutput > * { display: none !important; }
.lecture-covered .jp-MarkdownOutput::before { font-style: italic; opacity: 0.7;
  content: "This text says what came out: commit your prediction first, or press Show it."; }
body[data-slides] .lecture-covered .jp-MarkdownOutput::before { content: none; }
.lecture-covered > .jp-Cell-outputArea, .lecture-explained > .jp-Cell-outputArea
  { display: none !important; }
/* "Run the cell, choose and commit", below what was committed. */
.lecture-answered .jp-RenderedMarkdown > p:last-child:has(> em:only-child) { display: none; }
.lecture-steady { position: relative; }
.lecture-steady > .lecture-notes { position: relative; z-index: 1; }
.lecture-ghost { position: absolute; inset: 0; opacity: 0.35; pointer-events: none;
  overflow: hidden; }
`;

export function injectStyle() {
  const style = document.createElement("style");
  style.textContent = STYLE;
  document.head.append(style);
}

// The part of a cell that holds its output; null while JupyterLab has not drawn the cell.
export const outputOf = (cell) => cell.outputArea?.node.parentElement ?? null;

// Put `note` (an element, or null for none) at a cell, in place of the one of the same kind.
export function setNote(cell, kind, note) {
  const wrapper = outputOf(cell);
  if (!wrapper) return;
  let notes = wrapper.querySelector(":scope > .lecture-notes");
  if (!notes && !note) return;
  if (!notes) {
    notes = document.createElement("div");
    notes.className = "lecture-notes";
    wrapper.append(notes);
  }
  notes.querySelector(`:scope > [data-kind="${kind}"]`)?.remove();
  if (note) {
    note.dataset.kind = kind;
    notes.append(note);
  }
}

// A note of a sentence and buttons: [[label, action], …].
export function makeNote(sentence, buttons = []) {
  const note = document.createElement("div");
  note.className = "lecture-note";
  const text = document.createElement("div");
  text.setAttribute("role", "status");
  text.textContent = sentence;
  note.append(text);
  for (const [label, action] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.dataset.lmSuppressShortcuts = "true";
    button.addEventListener("click", action);
    // JupyterLab would take Enter and the space bar as commands of the notebook.
    button.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") event.stopPropagation();
    });
    note.append(button);
  }
  return note;
}

// Code cells from first to last.
export const codeCells = (panel) =>
  panel.content.widgets.filter((cell) => cell.model.type === "code");

// Call `action(cell)` for every code cell, also for those that come later, once it can be drawn to.
export function forEachCode(panel, action) {
  const met = new WeakSet();
  const visit = () => {
    for (const cell of codeCells(panel)) {
      if (met.has(cell)) continue;
      met.add(cell);
      cell.ready.then(() => { if (!cell.isDisposed) action(cell); });
    }
  };
  panel.content.modelContentChanged?.connect(visit);
  panel.content.model?.cells.changed.connect(() => queueMicrotask(visit));
  visit();
}

// The outputs of a cell as they would be saved.
export const savedOutputs = (cell) =>
  Array.from({ length: cell.model.outputs.length }, (_, i) => cell.model.outputs.get(i).toJSON());

// The kinds of outputs, by their text and by the format of a live one.
export const CARD = /^(Prediction: |Exercise |Your progress: )/;
export const ASIDE = /^(Our claim |Claim |Progress: )/;
export const VIEW = "application/vnd.jupyter.widget-view+json";

export const plainText = (output) => [output.data?.["text/plain"] ?? ""].flat().join("");

// Run these cells, one after the other.
export async function runCells(panel, kit, cells) {
  const { content, sessionContext } = panel;
  await kit.NotebookActions.runCells(content, cells, sessionContext);
}
