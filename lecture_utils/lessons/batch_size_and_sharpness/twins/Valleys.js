// Noisy descents between a flat and a sharp valley: the same draws as in Python.
({ fmt, linspace, range, normals, clip }, { flat, sharp, soft, steps, walkers, edges, state, increment }) => {
  const [left, right] = [edges[0], edges[edges.length - 1]];
  const grid = linspace(left, right, 400);
  const width = (right - left) / (edges.length - 1);
  const [[p, a], [q, b]] = [flat, sharp];
  // How much farther up the flat valley's parabola is than the sharp one's, in units of the softness.
  const apart = (x) => (a * (x - p) ** 2 - b * (x - q) ** 2) / 2 / soft;
  // log(1 + e), of which float32 sees no more.
  const grown = (e) => (e < 1e-4 ? e - (e * e) / 2 : Math.log1p(e));
  const lower = (x, far) => (far > 0 ? (b * (x - q) ** 2) / 2 : (a * (x - p) ** 2) / 2);
  const loss = (x) => {
    const far = apart(x);
    return lower(x, far) - soft * grown(Math.exp(-Math.abs(far)));
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
        for (let k = 0; k < walkers; k += 1) {
          const bin = x[k] === right ? bars.length - 1 : Math.floor((x[k] - left) / width);
          if (bin >= 0 && bin < bars.length) bars[bin] += 1;
        }
        return bars;
      };
      // The loss where a walker is; what its next slope needs too is kept.
      const [fars, smalls] = [new Float64Array(walkers), new Float64Array(walkers)];
      const look = (k) => {
        fars[k] = apart(x[k]);
        smalls[k] = Math.exp(-Math.abs(fars[k]));
        return lower(x[k], fars[k]) - soft * grown(smalls[k]);
      };
      for (let k = 0; k < walkers; k += 1) look(k);
      const bars = [counted()];
      const [train, test] = [[], []];
      for (let step = 0; step < steps; step += 1) {
        let [one, other] = [0, 0];
        for (let k = 0; k < walkers; k += 1) {
          const share = (fars[k] > 0 ? smalls[k] : 1) / (1 + smalls[k]); // of the flat slope
          const slope = share * a * (x[k] - p) + (1 - share) * b * (x[k] - q);
          x[k] -= eta * (slope + spread * draws[step * walkers + k]);
          one += look(k);
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
