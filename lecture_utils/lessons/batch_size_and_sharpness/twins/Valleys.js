// Noisy descents between a flat and a sharp valley: the same draws as in Python.
({ fmt, linspace, range, normals, clip }, { flat, sharp, soft, steps, walkers, edges, state, increment }) => {
  const [left, right] = [edges[0], edges[edges.length - 1]];
  const grid = linspace(left, right, 400);
  const width = (right - left) / (edges.length - 1);
  const [[p, a], [q, b]] = [flat, sharp];
  const loss = (x) => {
    const [one, other] = [(-a * (x - p) ** 2) / 2 / soft, (-b * (x - q) ** 2) / 2 / soft];
    const high = Math.max(one, other);
    return -soft * (high + Math.log1p(Math.exp(Math.min(one, other) - high)));
  };
  const slope = (x) => {
    const [one, other] = [(-a * (x - p) ** 2) / 2 / soft, (-b * (x - q) ** 2) / 2 / soft];
    const share = 1 / (1 + Math.exp(other - one)); // of the flat one
    return share * a * (x - p) + (1 - share) * b * (x - q);
  };
  let draws;
  const shown = { key: "" };
  return {
    compute({ batch, rate, noise, shift, start }) {
      draws ??= Float32Array.from(normals(state, increment, steps * walkers));
      const spread = Math.fround(noise / Math.sqrt(2 ** batch));
      const eta = Math.fround(10 ** rate);
      const key = `${spread} ${eta} ${shift} ${start[0]}`;
      if (shown.key === key) return shown.result;
      const x = new Float32Array(walkers).fill(clip(start[0], left, right));
      const counted = () => {
        const bars = new Array(edges.length - 1).fill(0);
        for (const place of x) {
          const bin = Math.floor((place - left) / width);
          if (place === right) bars[bars.length - 1] += 1;
          else if (bin >= 0 && bin < bars.length) bars[bin] += 1;
        }
        return bars;
      };
      const bars = [counted()];
      const [train, test] = [[], []];
      for (let step = 0; step < steps; step += 1) {
        let [one, other] = [0, 0];
        for (let k = 0; k < walkers; k += 1) {
          x[k] -= eta * (slope(x[k]) + spread * draws[step * walkers + k]);
          one += loss(x[k]);
          other += loss(x[k] - shift);
        }
        train.push(one / walkers);
        test.push(other / walkers);
        bars.push(counted());
      }
      shown.key = key;
      shown.result = {
        bars,
        moved: grid.map((e) => loss(e - shift)),
        start: [start[0], loss(start[0])],
        train,
        test,
        share: x.filter((end) => end < 0.4).length / walkers,
      };
      return shown.result;
    },
    draw(r, { step }, artists) {
      const most = Math.max(...r.bars[step], 1);
      const heights = r.bars[step].map((e) => (e / most) * 1.6);
      const xs = edges.flatMap((e) => [e, e]);
      const ys = [0, ...heights.flatMap((e) => [e, e]), 0];
      artists.bars.data(xs, ys);
      artists.moved.data(grid, r.moved);
      artists.dot.point(...r.start);
      const times = range(step).map((k) => k + 1);
      artists.train.data(times, r.train.slice(0, step).map((e) => Math.max(e, 1e-9)));
      artists.test.data(times, r.test.slice(0, step).map((e) => Math.max(e, 1e-9)));
    },
    tell: (r, { batch, rate, step }) =>
      `B = ${2 ** batch}, η = ${fmt(10 ** rate, ".3g")} (2/λ is ${fmt(2 / b, ".3g")} in the sharp valley, ` +
      `${fmt(2 / a, ".3g")} in the flat one): ` + (step < steps
        ? `step ${step} of ${steps}.`
        : `<b>${fmt(r.share, ".0%")} end in the flat valley</b>; mean training loss ` +
          `${fmt(r.train[steps - 1], ".2f")}, mean test loss <b>${fmt(r.test[steps - 1], ".2f")}</b>.`),
    goal(r, { batch, noise, shift, start, step }) {
      const asked = step === steps && batch >= 8 && shift >= 0.4 && noise >= 2;
      return asked && Math.abs(start[0] - q) < 0.4 && Number(fmt(r.test[steps - 1], ".2f")) < 0.1
        ? "with little noise left, a step beyond 2/λ is what the sharp valley cannot hold."
        : null;
    },
  };
};
