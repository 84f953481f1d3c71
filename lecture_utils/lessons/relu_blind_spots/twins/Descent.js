// Gradient descent on the five points from one start, over the loss at its first output weight.
({ fmt, linspace, diverged }, { xs, ys, shown }) => {
  const steps = 4000;
  const [across, up] = [linspace(-4, 4, 141), linspace(-7, 7, 141)];
  const relu = (z) => Math.max(z, 0);
  const lossAt = ([v, c, b, w]) => xs.reduce((sum, x, k) => sum + (v * relu(w * x + b) + c - ys[k]) ** 2, 0);
  const landscape = (v) => [...up].flatMap((b) => Array.from(across, (w) =>
    (xs.some((x) => w * x + b > 0) ? Math.log10(Math.max(lossAt([v, 0, b, w]), 1e-9)) : NaN)));
  const run = (start, rate) => {
    const path = [];
    const losses = [];
    let [v, c, b, w] = start;
    for (let k = 0; k <= steps; k += 1) {
      path.push([v, c, b, w]);
      let [loss, dv, dc, db, dw] = [0, 0, 0, 0, 0];
      for (let i = 0; i < 5; i += 1) {
        const input = w * xs[i] + b;
        const unit = relu(input);
        const error = v * unit + c - ys[i];
        const on = input > 0 ? 1 : 0;
        loss += error ** 2;
        dv += 2 * error * unit;
        dc += 2 * error;
        db += 2 * error * v * on;
        dw += 2 * error * v * on * xs[i];
      }
      losses.push(loss);
      [v, c, b, w] = [v - rate * dv, c - rate * dc, b - rate * db, w - rate * dw];
    }
    return { path, losses };
  };
  const ending = (path, losses) => {
    const lost = diverged(losses);
    if (lost >= 0) return `diverged at step ${lost}`;
    const off = ([, , b, w]) => !xs.some((x) => w * x + b > 0);
    const last = fmt(losses[steps], ".2f");
    if (off(path[steps])) {
      return `<b>${off(path[0]) ? "dead from the start" : `died at step ${path.findIndex(off)}`}</b>, L = ${last}`;
    }
    for (const [level, name] of [[14, "the best, B"], [18, "stuck like A"], [21.17, "a straight line"]]) {
      if (Math.abs(losses[steps] - level) < 0.004) return `<b>${name}</b>, L = ${last}`;
    }
    return `still on its way after ${steps} steps, L = ${last}`;
  };
  const film = [0, ...shown];
  return {
    reads: ["v", "rate", "start"],
    compute({ v, rate, start: [w, b] }) {
      const { path, losses } = run([v, 0, b, w], 10 ** rate);
      const far = path.findIndex((p) => !p.every((e) => Math.abs(e) < 1e3));
      return {
        losses: landscape(v),
        path: (far < 0 ? path : path.slice(0, far)).map((p) => [p[3], p[2]]),
        heights: shown.map((k) => (losses[k] < 1e6 ? losses[k] : NaN)),
        first: losses[0],
        on: xs.filter((x) => w * x + b > 0).length,
        ending: ending(path, losses),
      };
    },
    draw(r, { start, frame }, a) {
      const path = r.path.slice(0, film[frame] + 1);
      a.image.image(r.losses);
      a.trail.data(path.map((p) => p[0]), path.map((p) => p[1]));
      a.dot.point(...start);
      const last = path.slice(-1);
      a.end.data(last.map((p) => p[0]), last.map((p) => p[1]));
      a.line.data(shown.slice(0, frame), r.heights.slice(0, frame));
    },
    tell: (r, { rate, frame }) =>
      `The unit starts active on ${r.on} of 5 points, at L = ${fmt(r.first, ".2f")}. ` +
      `Gradient descent (η = ${fmt(10 ** rate, ".2g")}): ` +
      `${film[frame] === steps ? r.ending : `step ${film[frame]} of ${steps}`}.`,
    goal: (r, { frame }) =>
      r.on === 5 && r.ending.includes("died") && film[frame] === steps ? "alive on all five points at the start, and trained to death." : null,
  };
};
