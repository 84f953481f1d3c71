// All critical points of a linear autoencoder: which directions each keeps, its loss, its index.
({ fmt }, { colors }) => {
  const directions = 6;
  // The choices of at most `width` directions, as itertools.combinations lists them.
  const choices = (width) => {
    const found = [];
    const grow = (kept, from, size) => {
      if (kept.length === size) {
        found.push(kept);
        return;
      }
      for (let k = from; k < directions; k += 1) grow([...kept, k], k + 1, size);
    };
    for (let size = 0; size <= width; size += 1) grow([], 0, size);
    return found;
  };
  const points = (variances, width) => choices(width).map((kept) => {
    const lost = [...variances.keys()].filter((k) => !kept.includes(k));
    const swaps = kept.reduce((sum, i) => sum + lost.filter((j) => variances[j] > variances[i]).length, 0);
    const loss = lost.reduce((sum, j) => sum + variances[j], 0);
    return { kept, loss, swaps, idle: (width - kept.length) * lost.length };
  });
  return {
    compute({ width, ratio, pick }) {
      const raw = Array.from({ length: directions }, (_, k) => ratio ** k);
      const sum = raw.reduce((a, b) => a + b, 0);
      const variances = raw.map((e) => e / sum);
      const all = points(variances, width);
      const places = all.map((p) => [(p.swaps + p.idle) / (2 * directions * width), p.loss]);
      const away = places.map(([x, y]) => Math.hypot((x - pick[0]) / 0.55, y - pick[1]));
      const near = away.indexOf(Math.min(...away));
      return { variances, places, near, picked: all[near], best: Math.min(...all.map((p) => p.loss)) };
    },
    draw(r, { pick }, a) {
      a.columns.forEach((column, k) => {
        const [left, right] = [k + 1 - 0.35, k + 1 + 0.35];
        const height = r.variances[k];
        column.data([left, right, right, left, left], [0, 0, height, height, 0]);
        const color = r.picked.kept.includes(k) ? colors.kept : colors.lost;
        column.look({ fill: color, stroke: color });
      });
      a.cloud.data(r.places.map((p) => p[0]), r.places.map((p) => p[1]));
      a.ring.point(...r.places[r.near]);
      a.hand.point(...pick);
    },
    tell(r, { width }) {
      const { kept, loss, swaps, idle } = r.picked;
      const kind = swaps + idle === 0 ? "the global minimum" : "a saddle";
      const listed = kept.map((k) => k + 1).join(", ") || "nothing";
      return `Keeps ${listed}: loss ${fmt(loss, ".3f")}, <b>${kind}</b>. Index ${swaps + idle} = ${swaps} ` +
        `(a lost direction beats a kept one) + ${idle} (${width - kept.length} idle × ` +
        `${directions - kept.length} lost), of ${2 * directions * width} eigenvalues.`;
    },
    goal: ({ picked, best }) =>
      picked.swaps + picked.idle === 1 && picked.loss < 1.05 * best
        ? "one way down among dozens, for a gain of less than 5 %: hard to notice."
        : null,
  };
};
