// The known critical points of a network: spectrum, eigenvectors, and the loss along each.
({ fmt, linspace, numbers }, { known, limits, plan, size, fine }) => {
  const distances = linspace(-4, 4, 81);
  const rank = Array.from({ length: size }, (_, k) => k + 1);
  const [[left, right], [bottom, top]] = limits;
  const pixels = ([x, y]) => [
    plan * (Math.log(Math.max(x, 1e-9) / left) / Math.log(right / left)),
    (plan * (y - bottom)) / (top - bottom),
  ];
  const places = known.map((p) => pixels([p.loss, p.index / size]));
  const summed = (text, scale) => {
    let sum = 0;
    return numbers(text).map((step) => (sum += step) / scale);
  };
  const even = (v) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v)); // as numpy
  return {
    compute({ pick, eigenvector }) {
      const [x, y] = pixels(pick);
      const away = places.map((p) => even(Math.hypot(p[0] - x, p[1] - y)));
      const point = known[away.indexOf(Math.min(...away))];
      const k = eigenvector - 1;
      return {
        point,
        value: point.values[k],
        direction: summed(point.directions[k], fine),
        heights: summed(point.heights[k], fine),
        lowest: point.lowest[k],
      };
    },
    draw(r, { pick, eigenvector }, a) {
      a.new.hide();
      a.lost.hide();
      a.legend.hide(); // of what a search would find
      a.ring.point(r.point.loss, r.point.index / size);
      a.hand.point(...pick);
      const colors = r.point.values.map((v) => (v < -1e-8 ? "#0072b2" : "#d55e00"));
      a.stems.segments(rank, r.point.values, colors);
      a.bars.segments(rank, r.direction);
      a.mark.point(eigenvector, r.value);
      a.curve.data(distances, r.heights);
      a.bowl.data(distances, distances.map((t) => 0.5 * r.value * t ** 2));
    },
    tell(r, { eigenvector }) {
      const { loss, index } = r.point;
      const kind = index === 0 ? "a minimum" : "a saddle";
      const falls = r.lowest === null ? "nowhere lower" : `lowest at t = ${fmt(distances[r.lowest], "+.2f")}`;
      return `L = ${fmt(loss, ".3f")}, ${kind} of index ${index} of ${size}. Eigenvector ${eigenvector}: ` +
        `λ = <b>${fmt(r.value, "+.2g")}</b>, ${falls}.`;
    },
  };
};
