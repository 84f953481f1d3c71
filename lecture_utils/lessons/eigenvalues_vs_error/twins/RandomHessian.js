// The spectrum of a random Hessian: the theory is computed here, the one sample was kept.
({ fmt, linspace, logspace, numbers }, { values, samples, size }) => {
  const zs = linspace(-2.4, 6.4, 500);
  const edges = linspace(-2.4, 6.4, 89);
  const excess = logspace(-3, 5, 160);
  const bin = edges[1] - edges[0];
  // The resolvent g of the cubic in 1/g by Cardano: [real, imaginary], [-1, 0] where it is real.
  const resolvent = (z, epsilon, phi) => {
    const [a, b, c] = [1 - z - phi, 2 * epsilon + phi * z, -2 * epsilon * phi];
    const [p, q] = [b - a ** 2 / 3, (2 * a ** 3) / 27 - (a * b) / 3 + c];
    const inside = (q / 2) ** 2 + (p / 3) ** 3;
    if (!(inside > 0)) return [-1, 0];
    const u = -Math.sign(q || 1) * Math.cbrt(Math.abs(q) / 2 + Math.sqrt(inside));
    const v = u === 0 ? 0 : -p / (3 * u);
    const [x, y] = [-(u + v) / 2 - a / 3, (Math.sqrt(3) / 2) * (u - v)];
    const length = x * x + y * y;
    return [x / length, -y / length];
  };
  const density = (z, epsilon, phi) => Math.abs(resolvent(z, epsilon, phi)[1]) / Math.PI;
  const share = (epsilon, phi) => {
    const [x, y] = resolvent(0, epsilon, phi);
    if (y === 0 || !(epsilon > 0)) return 0;
    const bracket = Math.atan2(-phi * y, 1 - phi * x) / phi - Math.atan2(-y, -x) - 2 * epsilon * x * y;
    return Math.abs(bracket) / Math.PI;
  };
  const critical = (phi) =>
    (phi < 1 ? Math.max((1 - 20 * phi - 8 * phi ** 2 + (1 + 8 * phi) ** 1.5) / 16, 0) : 0);
  const area = (heights) =>
    heights.slice(1).reduce((sum, e, k) => sum + ((e + heights[k]) / 2) * (zs[k + 1] - zs[k]), 0);
  return {
    compute({ phi, epsilon, mark }) {
      const place = values.phi.indexOf(phi) * values.epsilon.length + values.epsilon.indexOf(epsilon);
      const [negative, ...counts] = numbers(samples[place]);
      const limit = critical(phi);
      const theory = Array.from(zs, (z) => density(z, epsilon, phi));
      const below = theory.map((e, k) => (mark[0] > zs[k] ? e : 0));
      return {
        theory,
        below,
        heights: counts.map((e) => e / size / bin),
        negative,
        limit,
        share: share(epsilon, phi),
        shares: limit > 0 ? Array.from(excess, (e) => share(limit * (1 + e), phi)) : null,
        part: area(below) / area(theory),
      };
    },
    draw(r, { epsilon, mark }, a) {
      a.curve.data(zs, r.theory);
      const [first, last] = [0, zs.length - 1];
      const zeros = r.below.map(() => 0);
      const back = [...zs.keys()].reverse();
      a.below.data(
        [zs[first], ...zs, zs[last], ...back.map((k) => zs[k]), zs[first]],
        [r.below[first], ...zeros, r.below[last], ...back.map((k) => r.below[k]), r.below[first]],
      );
      a.line.data([mark[0], mark[0]], [0, 1.4]);
      a.handle.point(...mark);
      a.bars.forEach((bar, k) => {
        const [left, right, height] = [edges[k], edges[k + 1], r.heights[k]];
        bar.data([left, right, right, left, left], [0, 0, height, height, 0]);
      });
      if (r.shares) a.exact.data(excess, r.shares);
      else a.exact.hide();
      if (r.limit > 0 && r.share > 0) a.here.point(epsilon / r.limit - 1, r.share);
      else a.here.hide();
    },
    tell(r, { epsilon, mark }) {
      const where = r.limit > 0
        ? `ε_c = ${fmt(r.limit, ".4f")}, so ε = ${fmt(epsilon / r.limit, ".2f")} ε_c`
        : "φ ≥ 1: ε_c = 0";
      return `${where}. Negative: exact α = <b>${fmt(100 * r.share, ".2f")} %</b>, in the sample ` +
        `${r.negative} of ${size}. Below your mark z = ${fmt(mark[0], ".2f")}: ${fmt(100 * r.part, ".0f")} %`;
    },
    goal: (r, { epsilon }) =>
      epsilon >= 0.06 && r.share > 0 && r.share < 1e-3
        ? "a large error with almost only positive eigenvalues: many data per parameter."
        : null,
  };
};
