// The plateau of a chain: three methods from one start.
({ fmt, linspace, range, diverged, clip, pow }, { film }) => {
  const steps = 2000;
  const most = 1.4;
  const side = linspace(-most, most, 141);
  const names = ["gradient descent", "momentum", "Adam"];
  const loss = (a, b, depth) => (1 - pow(a, Math.floor((depth + 1) / 2)) * pow(b, Math.floor(depth / 2))) ** 2;
  const slopeOf = (depth) => {
    const [m, n] = [Math.floor((depth + 1) / 2), Math.floor(depth / 2)];
    return (a, b) => {
      const pull = -2 * (1 - pow(a, m) * pow(b, n));
      return [pull * pow(a, m - 1) * pow(b, n), pull * pow(a, m) * pow(b, n - 1)];
    };
  };
  // Each rule is a fresh memory and the move for a slope.
  const rules = {
    "gradient descent": (rate) => (g) => g.map((e) => -rate * e),
    momentum(rate) {
      let m = [0, 0];
      return (g) => (m = m.map((e, k) => 0.9 * e - rate * g[k]));
    },
    Adam(rate) {
      let [m, v, t] = [[0, 0], [0, 0], 0];
      return (g) => {
        t += 1;
        m = m.map((e, k) => 0.9 * e + 0.1 * g[k]);
        v = v.map((e, k) => 0.999 * e + 0.001 * g[k] ** 2);
        return m.map((e, k) => (-rate * (e / (1 - 0.9 ** t))) / (Math.sqrt(v[k] / (1 - 0.999 ** t)) + 1e-8));
      };
    },
  };
  const landscapes = new Map();
  const landscape = (depth) => {
    if (!landscapes.has(depth)) {
      landscapes.set(depth, [...side].flatMap((b) => Array.from(side, (a) => clip(loss(a, b, depth) - 1, -1, 1))));
    }
    return landscapes.get(depth);
  };
  const run = (rule, start, depth, slope) => {
    const path = [];
    const losses = [];
    let [a, b] = start;
    for (let k = 0; k <= steps; k += 1) {
      path.push([a, b]);
      losses.push(loss(a, b, depth));
      const [da, db] = rule(slope(a, b));
      [a, b] = [a + da, b + db];
    }
    const far = path.findIndex((p) => !p.every((e) => Math.abs(e) < 10));
    const shown = far > 0 ? far : path.length;
    return {
      path: path.slice(0, shown),
      losses: losses.slice(0, shown),
      lost: diverged(losses),
      left: losses.findIndex((e) => e < 0.5),
      done: losses.findIndex((e) => e < 0.01),
      last: losses[steps],
    };
  };
  const words = ({ lost, left, done }, step) => {
    const by = (event) => event >= 0 && event <= step;
    if (by(lost)) return `<b>diverged at step ${lost}</b>`;
    if (!by(left)) return `still on it after ${step}`;
    if (by(done)) return `<b>${left}</b> (L < 0.01 at ${done})`;
    return `<b>${left}</b>${step === steps ? " (then no rest)" : ""}`;
  };
  return {
    reads: ["depth", "rate", "start"],
    follow(changed, { scale, start }) {
      const size = Math.hypot(...start) / Math.SQRT2;
      if (changed.has("start")) return { scale: clip(Number(fmt(size, ".2f")), 0.05, most) };
      if (changed.has("scale")) {
        const way = size > 0.01 ? start.map((e) => e / size) : [1, 1];
        return { start: way.map((e) => clip(scale * e, -most, most)) };
      }
      return {};
    },
    compute({ depth, rate, start }) {
      const slope = slopeOf(depth);
      return {
        landscape: landscape(depth),
        runs: names.map((name) => run(rules[name](rate), start, depth, slope)),
      };
    },
    draw(r, { start, frame }, a) {
      a.bands.image(r.landscape);
      r.runs.forEach((run, k) => {
        const [path, losses] = [run.path, run.losses].map((all) => all.slice(0, film[frame] + 1));
        a.trails[k].data(path.map((p) => p[0]), path.map((p) => p[1]));
        a.ends[k].point(...path[path.length - 1]);
        const later = losses.slice(1);
        a.losses[k].data(range(later.length).map((e) => e + 1), later.map((e) => Math.min(e, 10)));
      });
      a.dot.point(...start);
    },
    tell: ({ runs }, { frame }) =>
      `Start: L = ${fmt(runs[0].losses[0], ".4f")}. Steps on the plateau: ` +
      `${names.map((name, k) => `${name} ${words(runs[k], film[frame])}`).join(", ")}.`,
    goal({ runs: [descent] }, { depth, frame }) {
      const onPlateau = Math.abs(descent.losses[0] - 1) < 0.01;
      const there = descent.done > 0 && descent.done <= 60 && descent.last < 0.01;
      return depth === 11 && onPlateau && there && film[frame] === steps
        ? `${descent.done} steps, from the edge of the plateau and close to the largest stable η.`
        : null;
    },
  };
};
