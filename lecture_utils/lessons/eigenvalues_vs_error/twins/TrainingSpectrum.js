// All eigenvalues at one stage of the training, and a bar that cuts off the outliers.
({ fmt, linspace }, { steps, losses, spectra, outputs, bound, top }) => {
  const edges = linspace(-bound, bound, 61);
  const size = spectra[0].length;
  const rank = Array.from({ length: Math.min(top, size) }, (_, k) => k + 1);
  return {
    compute({ time, mark }) {
      const values = spectra[time];
      const count = values.filter((e) => e > mark[0]).length;
      const heights = new Array(60).fill(0);
      for (const value of values) {
        let bin = Math.min(Math.max(Math.floor(((value + bound) / (2 * bound)) * 60), 0), 59);
        if (value < edges[bin]) bin -= 1;
        else if (bin < 59 && value >= edges[bin + 1]) bin += 1;
        heights[bin] += 1;
      }
      const inner = count > 0 && count < size && values[count] > 0;
      return {
        values,
        heights,
        negative: values.filter((e) => e < -1e-9).length,
        count,
        ratio: inner ? values[count - 1] / values[count] : 1,
      };
    },
    draw(r, { mark }, a) {
      a.bars.forEach((bar, k) => {
        const [left, right, height] = [edges[k], edges[k + 1], r.heights[k]];
        bar.data([left, right, right, left, left], [0, 0, height, height, 0]);
      });
      a.cut.data([mark[0], mark[0]], [0.3, 3 * size]);
      a.level.data([0, rank.length + 1], [mark[0], mark[0]]);
      a.inside.data(rank, r.values.slice(0, rank.length));
      const outside = Math.min(r.count, rank.length);
      a.outside.data(rank.slice(0, outside), r.values.slice(0, outside));
    },
    tell(r, { time, mark }) {
      const words = r.ratio > 1 ? `the gap there is a factor ${fmt(r.ratio, ".2f")}` : "no gap there";
      return `Step ${steps[time]}: loss ${fmt(losses[time], ".2f")}, ${r.negative} of ${size} eigenvalues ` +
        `negative, largest ${fmt(r.values[0], ".2f")}. Right of the cut λ = ${fmt(mark[0], ".3f")}: ` +
        `<b>${r.count}</b>; ${words}.`;
    },
    goal: (r) =>
      Math.abs(r.count - outputs) <= 1 && r.ratio >= 1.2
        ? `${r.count} outliers for ${outputs} classes, and a gap below them.`
        : null,
  };
};
