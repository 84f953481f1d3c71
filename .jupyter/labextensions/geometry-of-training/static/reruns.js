// While a cell runs: after three seconds it counts them; and what it showed stays, pale, until
// there is something new, so that the page below does not jump.

const version = new URL(import.meta.url).search; // as container.js says
const { VIEW, makeNote, outputOf, setNote } = await import(`./notes.js${version}`);

const PATIENCE = 3; // s
const SETTLES = 4000; // ms; after that an unfinished picture no longer holds the old one

export function steadyReruns(panel, kit) {
  const { executionScheduled, executed } = kit.NotebookActions;
  executionScheduled.connect((_, { notebook, cell }) => {
    if (notebook === panel.content && cell.model.type === "code") holdPlace(cell);
  });
  executed.connect((_, { notebook, cell }) => {
    if (notebook === panel.content && cell.model.type === "code") letGo(cell);
  });
  countSeconds(panel);
}

const held = new WeakMap(); // cell -> what ends the holding

function holdPlace(cell) {
  held.get(cell)?.();
  const wrapper = outputOf(cell);
  const area = cell.outputArea.node;
  const height = area.offsetHeight;
  if (!wrapper || height < 40) return;
  const ghost = area.cloneNode(true);
  const drawn = area.querySelectorAll("canvas");
  ghost.querySelectorAll("canvas").forEach((canvas, i) => {
    if (drawn[i].width) canvas.getContext("2d")?.drawImage(drawn[i], 0, 0);
    canvas.removeAttribute("data-frame");
  });
  ghost.classList.add("lecture-ghost");
  ghost.inert = true;
  ghost.setAttribute("aria-hidden", "true");
  ghost.querySelectorAll("[id], [name]").forEach((part) => {
    part.removeAttribute("id");
    part.removeAttribute("name");
  });
  wrapper.classList.add("lecture-steady");
  wrapper.style.minHeight = `${wrapper.offsetHeight}px`;
  wrapper.append(ghost);
  // A widget takes a moment more to be drawn.
  const replace = (_, { type, newValues }) => {
    if (type === "add" && !newValues.some((output) => VIEW in output.data)) ghost.remove();
  };
  cell.model.outputs.changed.connect(replace);
  held.set(cell, () => {
    cell.model.outputs.changed.disconnect(replace);
    ghost.remove();
    wrapper.style.minHeight = "";
    wrapper.classList.remove("lecture-steady");
    held.delete(cell);
  });
}

function letGo(cell) {
  const end = held.get(cell);
  const deadline = performance.now() + SETTLES;
  const unfinished = () => cell.outputArea?.node.querySelector(
    ".lecture-picture canvas:not([data-frame])") ||
    /^Loading widget\.\.\.$/m.test(cell.outputArea?.node.textContent ?? "");
  const wait = () => {
    if (held.get(cell) !== end) return;
    if (unfinished() && performance.now() < deadline) setTimeout(wait, 50);
    else requestAnimationFrame(() => requestAnimationFrame(() => end?.()));
  };
  if (end) setTimeout(wait, 50);
}

function countSeconds(panel) {
  let ended = () => {};
  const start = (cell) => {
    ended();
    const began = performance.now();
    const text = () => {
      const seconds = Math.round((performance.now() - began) / 1000);
      return `This cell is still computing: ${seconds} seconds so far.`;
    };
    let note = null;
    const timer = setInterval(() => {
      if (performance.now() - began < PATIENCE * 1000) return;
      if (!note) setNote(cell, "seconds", note = makeNote(text()));
      // The first sentence is read aloud, the counting is not.
      else note.firstChild.setAttribute("aria-live", "off"), note.firstChild.textContent = text();
    }, 1000);
    ended = () => {
      clearInterval(timer);
      setNote(cell, "seconds", null);
      ended = () => {};
    };
  };
  // "execute_input" comes when the kernel begins, however long the cell has waited before.
  const listen = (_, message) => {
    const parent = message.parent_header?.msg_id;
    if (message.header.msg_type === "execute_input") {
      const cell = panel.content.widgets.find((c) =>
        c.model.type === "code" && c.outputArea?.future?.msg?.header?.msg_id === parent);
      if (cell) start(cell);
    } else if (message.header.msg_type === "status" && message.content.execution_state === "idle"
        && message.parent_header?.msg_type === "execute_request") ended();
  };
  panel.sessionContext.iopubMessage.connect(listen);
  panel.sessionContext.statusChanged.connect((_, status) => {
    if (status !== "busy" && status !== "idle") ended();
  });
}
