// Two modes of a matrix, learned by gradient descent, beside the exact solution.
({ fmt, linspace, diverged }, { noise }) => {
  const steps = 2000;
  const longest = 10;
  const times = linspace(0, longest, 400);
  const multiply = ([a, b, c, d], [e, f, g, h]) => [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
  const turned = ([a, b, c, d]) => [a, c, b, d];
  const run = (s, one, two, rate) => {
    const strengths = [];
    const losses = [];
    for (let k = 0; k <= steps; k += 1) {
      const product = multiply(two, one);
      const error = [s[0] - product[0], -product[1], -product[2], s[1] - product[3]];
      strengths.push([product[0], product[3]]);
      losses.push(error.reduce((sum, e) => sum + e * e, 0) / 2);
      const [down, up] = [multiply(turned(two), error), multiply(error, turned(one))];
      one = one.map((e, i) => e + rate * down[i]);
      two = two.map((e, i) => e + rate * up[i]);
    }
    return { strengths, losses };
  };
  const when = (strengths, mode, rate, target, share) => {
    const step = strengths.findIndex((u) => u[mode] >= share * target);
    return step >= 0 && step * rate <= longest ? step * rate : null;
  };
  return {
    reads: ["start", "rate", "mix", "targets"],
    compute({ start, rate, mix, targets: s }) {
      const u0 = 10 ** start;
      const size = 10 ** (start / 2);
      const weights = noise.map((w) => w.map((e, i) => size * ((1 - mix) * (i % 3 ? 0 : 1) + mix * e)));
      const { strengths, losses } = run(s, ...weights, rate);
      const lost = diverged(losses);
      const all = strengths.length;
      const last = Math.min(lost >= 0 ? lost : all, Math.floor(longest / rate) + 1, all);
      const stride = Math.max(1, Math.floor(last / 40));
      const shown = strengths.slice(0, last).flatMap((u, k) => (k % stride ? [] : [[k * rate, ...u]]));
      const strong = s[1] > s[0] ? 1 : 0;
      const weak = s[1] < s[0] ? 1 : 0;
      const end = strengths.slice(last - 20, last);
      const swing = (mode) => Math.max(...end.map((u) => u[mode])) - Math.min(...end.map((u) => u[mode]));
      return {
        shown,
        exact: s.map((e) => times.map((t) => e / (1 + (e / u0 - 1) * Math.exp(-2 * e * t)))),
        half: s.map((e, mode) => when(strengths, mode, rate, e, 0.5)),
        exactHalf: s.map((e) => Math.max(Math.log(Math.max(e / u0 - 1, 1e-9)) / (2 * e), 0)),
        done: when(strengths, strong, rate, s[strong], 0.95),
        begun: when(strengths, weak, rate, s[weak], 0.05),
        lost,
        restless: lost < 0 && rate * Math.max(...s) > 1 && (swing(0) > 0.1 || swing(1) > 0.1),
      };
    },
    draw(r, { targets, tenths }, a) {
      const there = r.shown.filter(([t]) => t <= tenths / 10 + 1e-9);
      a.dot.point(...targets);
      for (const mode of [0, 1]) {
        a.lines[mode].data(times, r.exact[mode]);
        a.dots[mode].data(there.map((e) => e[0]), there.map((e) => e[mode + 1]));
      }
    },
    tell(r, { start, rate, targets, tenths }) {
      if (tenths < 100) {
        return `Time t = ${fmt(tenths / 10, ".1f")}. Start u₀ = ${fmt(10 ** start, ".1g")}, η = ${fmt(rate, ".3f")}.`;
      }
      if (r.lost >= 0) return `Gradient descent <b>diverged at step ${r.lost}</b>: η is larger than 1/s.`;
      if (r.restless) {
        return `<b>No rest</b>: η = ${fmt(rate, ".3f")} is larger than 1/s = ${fmt(1 / Math.max(...targets), ".3f")}.`;
      }
      const words = r.half.map((half) => (half === null ? "not yet" : `<b>${fmt(half, ".2f")}</b>`));
      return `Half learned at t: mode 1 ${words[0]} (formula ${fmt(r.exactHalf[0], ".2f")}), mode 2 ` +
        `${words[1]} (formula ${fmt(r.exactHalf[1], ".2f")}). Start u₀ = ${fmt(10 ** start, ".1g")}, η = ${fmt(rate, ".3f")}.`;
    },
    goal(r, { targets, tenths }) {
      if (tenths < 100 || r.lost >= 0 || r.restless || Math.min(...targets) < 0.5 * Math.max(...targets)) return null;
      return r.done && r.begun && r.begun >= r.done
        ? "a clean stage: the tinier the start, the sharper the steps."
        : null;
    },
  };
};
