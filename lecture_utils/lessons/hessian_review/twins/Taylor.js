// Taylor on the double well; the names are those of explorers.py.
({ fmt, linspace, surfaces }) => {
  const surface = surfaces.doubleWell;
  const reach = linspace(-1.5, 1.5, 121);
  return {
    compute({ angle, point: [x, y] }) {
      const v = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      const value = surface.value(x, y);
      const g = surface.slope(x, y);
      const [a, b, c] = surface.bend(x, y);
      const slope = g[0] * v[0] + g[1] * v[1];
      const curvature = a * v[0] ** 2 + 2 * b * v[0] * v[1] + c * v[1] ** 2;
      return {
        theta: [x, y],
        across: reach.map((t) => x + t * v[0]),
        up: reach.map((t) => y + t * v[1]),
        loss: reach.map((t) => surface.value(x + t * v[0], y + t * v[1])),
        tangent: reach.map((t) => value + slope * t),
        parabola: reach.map((t) => value + slope * t + 0.5 * curvature * t ** 2),
        value,
        steepness: Math.hypot(...g),
        slope,
        curvature,
      };
    },
    draw(r, values, a) {
      a.line.data(r.across, r.up);
      a.dot.point(...r.theta);
      a.loss.data(reach, r.loss);
      a.tangent.data(reach, r.tangent);
      a.parabola.data(reach, r.parabola);
      a.center.point(0, r.value);
    },
    tell: (r) =>
      `At θ₀ = (${fmt(r.theta[0], ".2f")}, ${fmt(r.theta[1], ".2f")}): ` +
      `‖g‖ = <b>${fmt(r.steepness, ".2f")}</b>. Along v: slope gᵀv = ` +
      `<b>${fmt(r.slope, "+.2f")}</b>, curvature vᵀHv = <b>${fmt(r.curvature, "+.2f")}</b>`,
    goal: (r) =>
      r.steepness < 0.06 && r.curvature < -0.3
        ? "flat to first order, and the parabola opens downward: you stand on a saddle."
        : null,
  };
};
