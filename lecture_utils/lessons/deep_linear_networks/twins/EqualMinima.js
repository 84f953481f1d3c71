// Equal minima of two weights, of unequal sharpness: which of them hold gradient descent?
({ fmt, geomspace, range, diverged, clip }) => {
  const valley = geomspace(0.37, 2.7, 200);
  const inverse = valley.map((w) => 1 / w);
  const run = (start, rate) => {
    const path = [];
    let [a, b] = start;
    for (let k = 0; k <= 300; k += 1) {
      path.push([a, b]);
      const pull = -2 * (1 - a * b);
      [a, b] = [a - rate * pull * b, b - rate * pull * a];
    }
    return path;
  };
  const fate = (place, path, losses) => {
    const lost = diverged(losses);
    const [x, y] = path[path.length - 1];
    if (lost >= 0) return [`<b>diverged at step ${lost}</b>`, false];
    if (losses[300] > 1e-6) return ["<b>finds no rest</b> in 300 steps", false];
    const near = Math.hypot(x - place[0], y - place[1]) < 0.3;
    if (near && Math.max(...losses) <= 1.01 * losses[0]) return ["<b>comes back</b>", true];
    const sharp = fmt(2 * (x * x + y * y), ".2f");
    return [`leaves, and settles at (${fmt(x, ".2f")}, ${fmt(y, ".2f")}) where λ = ${sharp}`, false];
  };
  return {
    reads: ["rate", "minimum"],
    compute({ rate, minimum }) {
      const w = clip(Math.sqrt(minimum[0] / minimum[1]), 0.4, 2.5);
      const place = [w, 1 / w];
      const length = Math.hypot(...place);
      const path = run([w - (0.05 / w) / length, 1 / w - (0.05 * w) / length], rate);
      const losses = path.map(([a, b]) => (1 - a * b) ** 2);
      const far = path.findIndex((p) => !p.every((e) => Math.abs(e) < 10));
      return {
        place,
        sharpness: 2 * (w * w + 1 / (w * w)),
        stable: valley.map((v) => Number(rate * (v ** 2 + v ** -2) < 1)),
        path: far > 0 ? path.slice(0, far) : path,
        losses,
        fate: fate(place, path, losses),
      };
    },
    draw(r, { step }, a) {
      const path = r.path.slice(0, step + 1);
      a.held.data(valley.map((v, k) => (r.stable[k] ? v : NaN)), inverse);
      a.loose.data(valley.map((v, k) => (r.stable[k] ? NaN : v)), inverse);
      a.trail.data(path.map((p) => p[0]), path.map((p) => p[1]));
      a.end.point(...path[path.length - 1]);
      a.home.point(...r.place);
      const losses = r.losses.slice(0, step + 1);
      a.loss.data(range(step + 1), losses.map((e) => clip(Number.isNaN(e) ? 1e9 : e, 1e-30, 1e9)));
    },
    tell: (r, { rate, step }) =>
      `Minimum (${fmt(r.place[0], ".2f")}, ${fmt(r.place[1], ".2f")}): λ = 2(w₁² + w₂²) = ` +
      `<b>${fmt(r.sharpness, ".2f")}</b>, 2/λ = ${fmt(2 / r.sharpness, ".3f")}. ` +
      `With η = ${fmt(rate, ".2f")} gradient descent ${step === 300 ? r.fate[0] : `is at step ${step} of 300`}.`,
    goal: (r, { rate, step }) =>
      r.fate[1] && rate >= 0.45 && step === 300
        ? "only the flattest minima, near (1, 1), hold such a step; beyond ½ none does."
        : null,
  };
};
