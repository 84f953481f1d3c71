// One step from the saddle of (1 - w₁w₂)² along v, and the descent that follows.
({ counted, fmt, linspace, surfaces, diverged }, { film }) => {
  const { value, slope } = surfaces.chain;
  const reach = linspace(0, 2.4, 97);
  return {
    reads: ["a", "rate", "point"],
    compute({ a, rate, point }) {
      const length = Math.hypot(...point);
      const v = length > 0 ? point.map((e) => e / length) : [Math.SQRT1_2, Math.SQRT1_2];
      const bend = -4 * v[0] * v[1]; // the Hessian at the origin is [[0, -2], [-2, 0]]
      const landing = v.map((e) => a * e);
      const points = [];
      let p = landing;
      for (let k = 0; k <= 400; k += 1) {
        points.push(p);
        const g = slope(...p);
        p = [p[0] - rate * g[0], p[1] - rate * g[1]];
      }
      const losses = points.map((q) => value(...q));
      const steps = losses.findIndex((loss) => loss < 0.01);
      const end = points.findIndex((q, k) => k === steps || !q.every((e) => Math.abs(e) < 10));
      return {
        landing,
        bend,
        value: value(...landing),
        expected: 1 + 0.5 * bend * a ** 2,
        loss: reach.map((t) => value(t * v[0], t * v[1])),
        forecast: reach.map((t) => 1 + 0.5 * bend * t ** 2),
        trail: points.slice(0, end > 0 ? end : 401),
        length: steps,
        lost: diverged(losses),
      };
    },
    draw(r, { a: length, point, frame }, a) {
      a.loss.data(reach, r.loss);
      a.forecast.data(reach, r.forecast);
      a.mark.point(length, r.value);
      a.mark_forecast.point(length, r.expected);
      a.arrow.data([0, r.landing[0]], [0, r.landing[1]]);
      a.landing.point(...r.landing);
      a.handle.point(...point);
      const walked = r.trail.slice(0, film[frame] + 1);
      a.trail.data(walked.map((p) => p[0]), walked.map((p) => p[1]));
    },
    tell(r, { frame }) {
      const step = film[frame];
      let descent = `has not reached 0.01 after <b>${counted(step, "step")}</b>`;
      if (r.length >= 0 && r.length <= step)
        descent = `takes <b>${counted(r.length, "step")}</b> to reach 0.01`;
      if (r.lost >= 0 && r.lost <= step) descent = `<b>diverges at step ${r.lost}</b>`;
      return `vᵀHv = ${fmt(r.bend + 0, "+.2f")}. Loss after the step: ` +
        `<b>${fmt(r.value, ".3f")}</b>, forecast ${fmt(r.expected, ".3f")}. Descent then ${descent}.`;
    },
    goal: (r, { a, frame }) =>
      a >= 1.98 && Math.round(1000 * r.value) < 1000 && film[frame] === 400
        ? "just below a = 2 the loss is still under 1; beyond it, (1 - a²/2)² exceeds 1."
        : null,
  };
};
