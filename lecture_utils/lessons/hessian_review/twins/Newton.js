// Newton's method against gradient descent from one start.
({ fmt, range, surfaces, eigh, classify, diverged }) => {
  const steps = 60;
  const races = {
    "double well": surfaces.doubleWell,
    "bowl x²+3y²": surfaces.bowl,
    Himmelblau: surfaces.himmelblau,
  };
  const run = (surface, start, step) => {
    const points = [];
    let p = start;
    for (let k = 0; k <= steps; k += 1) {
      points.push(p);
      p = step(p);
    }
    return points;
  };
  const ending = (surface, points) => {
    const lost = diverged(points.map((p) => surface.value(...p)));
    if (lost >= 0) return `diverged at step ${lost}`;
    const last = points[steps];
    const kind = classify(eigh(...surface.bend(...last)).values, Math.hypot(...surface.slope(...last)), 1e-3);
    const place = `(${last.map((e) => fmt(e, ".2f")).join(", ")})`.replaceAll("-0.00", "0.00");
    if (kind === "not critical") return `still on its way after ${steps} steps, at ${place}`;
    const near = points.findIndex((p) => Math.hypot(p[0] - last[0], p[1] - last[1]) < 1e-2);
    return `<b>${kind}</b> ${place}, within 0.01 after ${near} step${near === 1 ? "" : "s"}`;
  };
  const path = (surface, points) => {
    const far = points.findIndex((p) => !p.every((e) => Math.abs(e) < 1e3));
    return {
      trail: far < 0 ? points : points.slice(0, far),
      slopes: points.map((p) => Math.hypot(...surface.slope(...p))),
      ending: ending(surface, points),
    };
  };
  const suits = { "bowl x²+3y²": -1, Himmelblau: -2 };
  return {
    reads: ["surface", "rate", "start"],
    follow: (changed, { surface }) => (changed.has("surface") ? { rate: suits[surface] ?? -0.7 } : {}),
    compute({ surface: name, rate, start }) {
      const surface = races[name];
      const newton = ([x, y]) => {
        const [gx, gy] = surface.slope(x, y);
        const [a, b, c] = surface.bend(x, y);
        const size = a * c - b * b;
        return [x - (c * gx - b * gy) / size, y - (a * gy - b * gx) / size];
      };
      const eta = 10 ** rate;
      const descent = ([x, y]) => {
        const [gx, gy] = surface.slope(x, y);
        return [x - eta * gx, y - eta * gy];
      };
      return [newton, descent].map((step) => path(surface, run(surface, start, step)));
    },
    draw(r, { start, step }, a) {
      r.forEach(({ trail, slopes }, k) => {
        const walked = trail.slice(0, step + 1);
        a.trails[k].data(walked.map((p) => p[0]), walked.map((p) => p[1]));
        const last = walked.slice(-1);
        a.ends[k].data(last.map((p) => p[0]), last.map((p) => p[1]));
        a.errors[k].data(range(step + 1), slopes.slice(0, step + 1).map((v) => Math.max(v, 1e-10)));
      });
      a.begin.point(...start);
    },
    tell: ([newton, descent], { rate, step }) => step < steps
      ? `Step ${step} of ${steps}. Gradient descent: η = ${fmt(10 ** rate, ".3g")}.`
      : `Newton: ${newton.ending}. Gradient descent (η = ${fmt(10 ** rate, ".3g")}): ${descent.ending}.`,
    goal([newton, descent], { surface, start, step }) {
      const there = newton.ending.includes("saddle") && descent.ending.includes("minimum") && step === steps;
      return surface === "double well" && Math.abs(start[0]) >= 0.4 && there
        ? "same start, same loss, and one of them went to the saddle. A little farther out " +
          "Newton ends elsewhere: try it."
        : null;
    },
  };
};
