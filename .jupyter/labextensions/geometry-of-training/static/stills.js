// A widget lives as long as its kernel. What was saved, or has lost its kernel, is shown as the
// still picture or text that was saved with it, with a button that makes it live. What is saved of
// an explorer is what it shows then, so that the next evening begins with the picture of the last.

const version = new URL(import.meta.url).search; // as container.js says
const { CARD, VIEW, forEachCode, makeNote, outputOf, plainText, runCells, savedOutputs, setNote } =
  await import(`./notes.js${version}`);
const { withNeeded } = await import(`./order.js${version}`);

const LOST = "Error displaying widget: model not found";
const isOurs = (text) => text.startsWith("Explorer: ") || CARD.test(text);
const ENDS = new Set(["restarting", "autorestarting", "terminating", "dead"]);

export function keepStills(panel, kit) {
  const { context } = panel;
  let ended = false; // whether a kernel has ended while this page was open
  const left = new WeakSet(); // cells whose widget was live when they were saved

  // Take the widget out of an output; what is shown then is the next best form.
  const still = (cell, place) => {
    const { [VIEW]: view, ...data } = cell.model.outputs.get(place).toJSON().data ?? {};
    if (!view || !Object.keys(data).length) return;
    left.add(cell);
    const picture = lastFrame(cell.outputArea.widgets[place]?.node);
    if (picture && data["image/png"]) data["image/png"] = picture;
    // What the file holds already is no change.
    if (!picture && !context.model.dirty) queueMicrotask(() => { context.model.dirty = false; });
    cell.model.outputs.set(place, { ...cell.model.outputs.get(place).toJSON(), data });
  };

  const write = (cell) => {
    const waits = savedOutputs(cell).some((o) => isOurs(plainText(o)) && !o.data[VIEW]);
    const { committed: chosen, verdict } = cell.model.getMetadata("lecture") ?? {};
    cell.node.classList.toggle("lecture-answered", waits && Boolean(chosen));
    if (!waits) return setNote(cell, "still", null);
    const pictured = savedOutputs(cell).some((o) => o.data?.["image/png"]);
    const before = chosen ? `You committed: ${chosen}${verdict ? ` (${verdict})` : ""}. `
      : left.has(cell) && pictured && !ended ? "The picture as it was saved. " : "";
    const why = ended ? "The kernel was restarted: run this cell again" : "Run this cell";
    const live = left.has(cell) && pictured ? "go on where you were" : "make it live";
    const run = () => runCells(panel, kit, withNeeded(panel, cell));
    setNote(cell, "still", makeNote(`${before}${why} to ${live}.`, [["▶ Run", run]]));
  };

  forEachCode(panel, (cell) => {
    // JupyterLab shows no widget of a cell that somebody else has run, and does not say why.
    if (!cell.model.trusted) cell.model.outputs.toJSON().forEach((_, i) => still(cell, i));
    write(cell);
    cell.model.outputs.changed.connect(() => write(cell));
  });

  // The widget manager finds out that a model is gone and writes so into the output.
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (target.textContent !== LOST || !target.isConnected) continue;
      const cell = panel.content.widgets.find((c) => c.node.contains(target));
      const place = cell?.outputArea?.widgets.findIndex((w) => w.node.contains(target)) ?? -1;
      if (place >= 0) still(cell, place);
    }
  });
  watch.observe(panel.content.node, { childList: true, subtree: true });
  panel.disposed.connect(() => watch.disconnect());

  // Who moves an explorer changes what the notebook shows, and JupyterLab saves it in a while.
  const moved = ({ target, key }) => {
    if (key !== "Tab" && target.closest?.(".lecture-explorer")) context.model.dirty = true;
  };
  for (const kind of ["pointerup", "keyup"]) panel.content.node.addEventListener(kind, moved, true);
  context.saveState.connect((_, state) => {
    if (state === "started") panel.content.widgets.forEach(keepPicture);
  });

  panel.sessionContext.statusChanged.connect((_, status) => {
    if (!ENDS.has(status)) return;
    ended = true;
    for (const cell of panel.content.widgets.filter((c) => c.model.type === "code" && outputOf(c)))
      for (let i = 0; i < cell.model.outputs.length; i++) still(cell, i);
  });
}

// Put what an explorer shows into the file, and only there: the page would draw the widget anew.
function keepPicture(cell) {
  if (cell.model.type !== "code") return;
  savedOutputs(cell).forEach((output, place) => {
    const picture = output.data?.[VIEW] && output.data["image/png"] &&
      lastFrame(cell.outputArea?.widgets[place]?.node);
    if (!picture) return;
    const data = { ...output.data, "image/png": picture };
    cell.model.sharedModel.updateOutputs(place, place + 1, [{ ...output, data }], "silent-change");
  });
}

// What the explorer in this part of the page shows now, as base64.
function lastFrame(node) {
  const canvas = node?.querySelector(".lecture-picture canvas[data-frame]");
  return canvas?.toDataURL("image/png").split(",")[1];
}
