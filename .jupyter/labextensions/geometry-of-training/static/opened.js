// To open a notebook is not to work in it. When its kernel answers, JupyterLab writes the kernel's
// language and name into the notebook, counts that as a change and saves it two minutes later.

const OF_KERNEL = new Set(["language_info", "kernelspec"]);

export function stayClean(panel) {
  const { model } = panel.context;
  const { sharedModel } = model;
  let clean = !model.dirty; // as it was before the change that is being told of
  const note = (_, { name, newValue }) => { if (name === "dirty") clean = !newValue; };
  const forgive = (_, { metadataChange, ...others }) => {
    if (!clean || !metadataChange || Object.keys(others).length) return;
    if ([...metadataChange.keys()].some((name) => !OF_KERNEL.has(name))) return;
    queueMicrotask(() => { if (!panel.isDisposed) model.dirty = false; });
  };
  model.stateChanged.connect(note);
  sharedModel.changed.connect(forgive);
}
