// One descent on a quadratic: in the parameters, in the eigenbasis, coefficient by coefficient.
({ fmt, linspace, range, diverged, clip }) => {
  const steps = 100;
  const turn = [[Math.cos(0.5), -Math.sin(0.5)], [Math.sin(0.5), Math.cos(0.5)]]; // columns v₁, v₂
  const circle = Array.from(linspace(0, 2 * Math.PI, 97), (t) => [Math.cos(t), Math.sin(t)]);
  const turned = ([x, y]) => turn.map(([a, b]) => a * x + b * y);
  // The larger root of z² - (1 + β - ηλ) z + β.
  const factorOf = (bend, rate, decay) => {
    const p = 1 + decay - rate * bend;
    const inside = p * p - 4 * decay;
    if (inside < 0) return Math.sqrt(decay);
    return Math.max(Math.abs(p + Math.sqrt(inside)), Math.abs(p - Math.sqrt(inside))) / 2;
  };
  const law = (sizes, factor) => {
    const anchor = Math.max(...sizes.slice(0, 10).map((e, k) => e / factor ** k));
    return range(steps + 1).map((k) => clip(anchor * factor ** k, 1e-12, 1e9));
  };
  return {
    reads: ["rate", "decay", "kappa", "start"],
    compute({ rate, decay, kappa, start: [x, y] }) {
      const bends = [1, kappa];
      let c = [turn[0][0] * x + turn[1][0] * y, turn[0][1] * x + turn[1][1] * y];
      let m = [0, 0];
      let path = [];
      for (let k = 0; k <= steps; k += 1) {
        path.push(c);
        m = m.map((e, i) => decay * e - rate * bends[i] * c[i]);
        c = c.map((e, i) => e + m[i]);
      }
      const lost = diverged(path.map((p) => (p[0] ** 2 * bends[0] + p[1] ** 2 * bends[1]) / 2));
      if (lost >= 0) path = path.slice(0, lost + 1);
      const sizes = [0, 1].map((i) => path.map((p) => Math.max(Math.abs(p[i]), 1e-12)));
      const factors = bends.map((bend) => factorOf(bend, rate, decay));
      const axes = bends.map((bend) => kappa ** 0.25 / Math.sqrt(bend));
      return {
        path,
        sizes,
        factors,
        lost,
        laws: sizes.map((e, k) => law(e, factors[k])),
        rings: [0.5, 1, 1.5, 2].map((size) => circle.map((u) => u.map((e, k) => size * axes[k] * e))),
      };
    },
    draw(r, { step }, { board }) {
      const path = r.path.slice(0, step + 1);
      [turned, (p) => p].forEach((seen, view) => {
        r.rings.forEach((ring, k) => {
          const places = ring.map(seen);
          board.rings[view][k].data(places.map((p) => p[0]), places.map((p) => p[1]));
        });
        const places = path.map(seen);
        board.paths[view].data(places.map((p) => p[0]), places.map((p) => p[1]));
        board.dots[view].point(...places[0]);
      });
      for (const k of [0, 1]) {
        board.sizes[k].data(range(path.length), r.sizes[k].slice(0, step + 1));
        board.laws[k].data(range(steps + 1), r.laws[k]);
      }
    },
    tell(r, { rate, kappa, step }) {
      const [flat, steep] = ["v₁", "v₂"].map((name, k) =>
        `${name}: ηλ = ${fmt(rate * [1, kappa][k], ".2f")}, factor <b>${fmt(r.factors[k], ".3f")}</b>`);
      const end = r.lost >= 0 && r.lost <= step ? ` <b>Diverged at step ${r.lost}.</b>` : "";
      return `Per step, along ${flat}; along ${steep}.${end}`;
    },
    goal({ factors: [slow, fast] }, { decay, kappa, step }) {
      return step === steps && decay === 0 && kappa >= 10 && Math.abs(slow - fast) < 0.01 && slow < 1
        ? `η = 2/(μ + L) = ${fmt(2 / (1 + kappa), ".3f")}: both factors are ${fmt(slow, ".2f")}.`
        : null;
    },
  };
};
