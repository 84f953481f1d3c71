// One tanh unit beside the data.
({ fmt, linspace, mean, typeset }) => {
  const xs = linspace(-3, 3, 41);
  const grid = linspace(-3, 3, 241);
  const units = [[3, 6, 0.5], [3, 3, -0.5], [3, -3, -0.5], [3, -6, 0.5]];
  const targets = {
    "a step": xs.map((x) => 0.8 * Math.tanh(2.5 * (x - 0.7))),
    "hill and valley": xs.map((x) => units.reduce((sum, [w, b, v]) => sum + v * Math.tanh(w * x + b), 0)),
  };
  return {
    compute({ target, w, center: [place, height] }) {
      const data = targets[target];
      const unit = (x) => height * Math.tanh(w * (x - place));
      return { data, curve: grid.map(unit), loss: mean(xs.map((x, k) => (unit(x) - data[k]) ** 2)) };
    },
    draw(r, { w, center: [x, y] }, a) {
      a.dots.data(xs, r.data);
      a.fit.data(grid, r.curve);
      a.level.data([x, x], [0, y]);
      a.handle.point(x, y);
      a.numbers.text(typeset(`w = ${fmt(w, ".1f")}`));
      a.height.data([0.25, 0.25], [1e-5, Math.max(r.loss, 1e-5)]);
    },
    tell: (r, { w, center: [x, y] }) =>
      `Center c = ${fmt(x, ".2f")}, height v = ${fmt(y, ".2f")}, steepness w = ${fmt(w, ".2f")}: ` +
      `loss L = <b>${fmt(r.loss, ".4f")}</b>, the mean of 41 squared errors.`,
    goal: (r, { target }) =>
      target === "a step" && Number(fmt(r.loss, ".4f")) < 1e-3
        ? "you have just trained a network by hand. Reset brings the start back."
        : null,
  };
};
