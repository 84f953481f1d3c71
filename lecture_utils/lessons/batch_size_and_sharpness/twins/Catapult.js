// Gradient descent in a valley of varying sharpness.
({ fmt, range, clip }) => {
  const steps = 150;
  return {
    reads: ["rate", "start"],
    compute({ rate, start }) {
      const path = [start];
      let [a, b] = start;
      for (let k = 0; k < steps; k += 1) {
        const pull = 2 * rate * (1 - a * b);
        [a, b] = [a + pull * b, b + pull * a];
        path.push([a, b]);
        if (!((1 - a * b) ** 2 < 1e6)) break;
      }
      const losses = path.map(([x, y]) => (1 - x * y) ** 2);
      return {
        path,
        losses,
        sharpness: path.map(([x, y]) => x * x + y * y + Math.hypot(x * x - y * y, 4 * x * y - 2)),
        diverged: !losses.every((loss) => Math.abs(loss) < 1e6),
        last: (shown) => Math.min(shown, path.length - 1),
      };
    },
    draw(r, { rate, shown }, a) {
      const last = r.last(shown);
      const there = r.path.slice(0, last + 1);
      a.trail.data(there.map((p) => clip(p[0], -9, 9)), there.map((p) => clip(p[1], -9, 9)));
      a.dot.point(...r.path[0]);
      a.end.point(...r.path[last]);
      a.line.data(range(last + 1), r.sharpness.slice(0, last + 1).map((e) => Math.min(e, 999)));
      a.rest.point(last, Math.min(r.sharpness[last], 999));
      a.edge.across(2 / rate);
    },
    tell(r, { rate, shown }) {
      const last = r.last(shown);
      const text = `η = ${fmt(rate, ".3f")}, so 2/η = ${fmt(2 / rate, ".2f")}. `;
      if (r.diverged && last === r.path.length - 1) return `${text}<b>Diverged at step ${last}.</b>`;
      const [a, b] = r.path[last];
      return `${text}At step ${last}: w = (${fmt(a, ".2f")}, ${fmt(b, ".2f")}), ` +
        `L = ${fmt(r.losses[last], ".2g")}, λ_max = <b>${fmt(r.sharpness[last], ".2f")}</b>.`;
    },
    goal(r, { shown }) {
      const [a, b] = r.path[0];
      const end = r.path.length - 1;
      const far = a * a + b * b > 9 && r.losses[0] < 0.1;
      return far && r.losses[end] < 1e-6 && r.sharpness[end] < 5 && shown === steps
        ? "thrown out of the sharp part, it came to rest in the flat one."
        : null;
    },
  };
};
