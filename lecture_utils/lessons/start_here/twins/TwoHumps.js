// A hill and a valley, released: gradient descent on their two positions.
({ counted, fmt, linspace }) => {
  const xs = linspace(-3, 3, 41);
  const grid = linspace(-3, 3, 241);
  const last = 300;
  const units = [[3, 6, 0.5], [3, 3, -0.5], [3, -3, -0.5], [3, -6, 0.5]];
  const target = xs.map((x) => units.reduce((sum, [w, b, v]) => sum + v * Math.tanh(w * x + b), 0));
  const hump = (z) => 0.5 * (Math.tanh(3 * (z + 0.5)) - Math.tanh(3 * (z - 0.5)));
  const slope = (z) => 1.5 * (Math.tanh(3 * (z - 0.5)) ** 2 - Math.tanh(3 * (z + 0.5)) ** 2);
  const network = (p, q, x) => hump(x - p) - hump(x - q);
  return {
    reads: ["start"],
    compute({ start }) {
      const path = [];
      const losses = [];
      let [p, q] = start;
      for (let k = 0; k <= last; k += 1) {
        path.push([p, q]);
        let [loss, dp, dq] = [0, 0, 0];
        xs.forEach((x, i) => {
          const error = network(p, q, x) - target[i];
          loss += error ** 2 / xs.length;
          dp -= (error * slope(x - p)) / xs.length;
          dq += (error * slope(x - q)) / xs.length;
        });
        losses.push(loss);
        [p, q] = [p - 2 * dp, q - 2 * dq];
      }
      return { path, losses };
    },
    draw({ path }, { steps }, a) {
      a.trail.data(path.slice(0, steps + 1).map((p) => p[0]), path.slice(0, steps + 1).map((p) => p[1]));
      a.ring.point(...path[0]);
      a.star.point(...path[steps]);
      a.first.data(grid, grid.map((x) => network(...path[0], x)));
      a.now.data(grid, grid.map((x) => network(...path[steps], x)));
      a.counter.text(`step ${steps}`);
    },
    tell({ losses }, { steps }) {
      const ending = losses[last] < 1e-3 ? ": it finds f*" : ": it <b>does not find f*</b>";
      return `L = ${fmt(losses[0], ".3f")} at the start, <b>${fmt(losses[steps], ".3f")}</b> after ` +
        `${counted(steps, "step")} of gradient descent${steps < last ? "" : ending}.`;
    },
    goal({ losses }, { steps }) {
      const low = Number(fmt(losses[0], ".3f")) < 0.13;
      return low && losses[last] > 0.05 && steps === last
        ? "lower than most starts that succeed, and yet it never arrives."
        : null;
    },
  };
};
