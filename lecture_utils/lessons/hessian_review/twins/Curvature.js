// A 2 by 2 Hessian: its surface, its curvatures, its name.
({ fmt, linspace, eigh, typeset }) => {
  const side = linspace(-1, 1, 151);
  const angles = linspace(0, 2 * Math.PI, 361);
  const circle = Array.from(angles, (t) => [Math.cos(t), Math.sin(t)]);
  const definiteness = (values) => {
    const zero = 32 * Number.EPSILON * Math.max(...values.map(Math.abs));
    const flat = values.filter((v) => Math.abs(v) <= zero).length;
    const down = values.filter((v) => v < -zero).length;
    if (flat === 2) return "zero";
    if (down > 0 && down < 2 - flat) return "indefinite";
    return `${down ? "negative" : "positive"} ${flat ? "semidefinite" : "definite"}`;
  };
  return {
    compute({ a, b, c, v }) {
      const { values, vectors } = eigh(a, b, c);
      const bendOf = ([x, y]) => a * x ** 2 + 2 * b * x * y + c * y ** 2;
      const length = Math.hypot(...v) || 1;
      const direction = [v[0] / length, v[1] / length];
      const surface = new Float64Array(side.length ** 2);
      side.forEach((y, row) => side.forEach((x, column) => {
        surface[row * side.length + column] = 0.5 * bendOf([x, y]);
      }));
      const bend = bendOf(direction);
      return {
        surface,
        curve: circle.map((u) => ({ bend: bendOf(u), at: u.map((e) => Math.abs(bendOf(u)) * e) })),
        values,
        vectors,
        kind: definiteness(values),
        shares: vectors.map((u) => (u[0] * direction[0] + u[1] * direction[1]) ** 2),
        bend,
        tip: direction.map((e) => Math.abs(bend) * e),
      };
    },
    draw(r, { v }, a) {
      a.bands.image(r.surface);
      const part = (chosen, k) => r.curve.map(({ bend, at }) => (chosen(bend) ? at[k] : NaN));
      a.up.data(part((bend) => bend >= 0, 0), part((bend) => bend >= 0, 1));
      a.down.data(part((bend) => bend < 0, 0), part((bend) => bend < 0, 1));
      r.values.forEach((value, k) => {
        const [x, y] = r.vectors[k].map((e) => 0.7 * e);
        a.arrows[k].data([0, x], [0, y]);
        a.tags[k].text(typeset(`λ = ${fmt(value, ".2f")}`), x, y + (r.vectors[k][1] >= 0 ? 0.08 : -0.15));
      });
      a.probe.data([0, v[0]], [0, v[1]]);
      a.probe_wheel.data([0, r.tip[0]], [0, r.tip[1]]);
    },
    tell(r, { a, b, c }) {
      const [p, q, s] = [a, b, c].map((entry) => fmt(entry, ".1f"));
      return `H = [[${p}, ${q}], [${q}, ${s}]] is <b>${r.kind}</b>. Along the green v: vᵀHv = ` +
        `${fmt(r.shares[0], ".3f")}·(${fmt(r.values[0], ".2f")}) + ` +
        `${fmt(r.shares[1], ".3f")}·(${fmt(r.values[1], ".2f")}) = <b>${fmt(r.bend, ".2f")}</b>`;
    },
    goal: (r, { a, c }) =>
      a > 0 && c > 0 && r.values[0] < -0.05
        ? "both axes curve up, yet between them the surface falls: b² > ac."
        : null,
  };
};
