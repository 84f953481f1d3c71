// A walk around a critical point: the loss on a circle, and what the parabola says of it.
({ fmt, eigh, classify }) => {
  const around = {
    "two weights in a row": [(x, y) => (1 - x * y) ** 2, [0, -2, 0]],
    "H = (1 2; 2 1)": [(x, y) => 0.5 * (x ** 2 + 4 * x * y + y ** 2), [1, 2, 1]],
    "x² + y⁴": [(x, y) => x ** 2 + y ** 4, [2, 0, 0]],
    "x² − y⁴": [(x, y) => x ** 2 - y ** 4, [2, 0, 0]],
    "monkey saddle": [(x, y) => x ** 3 - 3 * x * y ** 2, [0, 0, 0]],
    "−x⁴ − y⁴": [(x, y) => -(x ** 4) - y ** 4, [0, 0, 0]],
  };
  const angles = Array.from({ length: 361 }, (_, k) => k);
  return {
    follow(changed, { hand, radius }) {
      const length = Math.hypot(...hand);
      if (!(changed.has("hand") || changed.has("radius")) || !length) return {};
      return { hand: hand.map((e) => (e * radius) / length) };
    },
    compute({ surface, radius, hand }) {
      const [loss, [a, b, c]] = around[surface];
      const angle = (((Math.atan2(hand[1], hand[0]) * 180) / Math.PI) % 360 + 360) % 360;
      const turned = (t) => [radius * Math.cos((t * Math.PI) / 180), radius * Math.sin((t * Math.PI) / 180)];
      const forecast = ([x, y]) => 0.5 * (a * x ** 2 + 2 * b * x * y + c * y ** 2);
      const circle = angles.map(turned);
      const place = turned(angle);
      const middle = loss(0, 0);
      const { values } = eigh(a, b, c);
      return {
        values,
        nature: classify(values),
        circle,
        place,
        heights: circle.map((p) => loss(...p) - middle),
        forecasts: circle.map(forecast),
        angle,
        height: loss(...place) - middle,
        forecast: forecast(place),
      };
    },
    draw(r, values, a) {
      a.loss.data(angles, r.heights);
      a.parabola.data(angles, r.forecasts);
      a.mark.point(r.angle, r.height);
      a.mark_parabola.point(r.angle, r.forecast);
      a.circle.data(r.circle.map((p) => p[0]), r.circle.map((p) => p[1]));
      a.dot.point(...r.place);
    },
    tell(r) {
      const [low, high] = r.values.map((v) => fmt(v + 0, ".3g"));
      return `Eigenvalues ${low} and ${high}: <b>${r.nature}</b>. At ${fmt(r.angle, ".0f")}° the ` +
        `parabola says ${fmt(r.forecast + 0, "+.3f")}, the loss says <b>${fmt(r.height + 0, "+.3f")}</b>.`;
    },
    goal: (r) =>
      r.forecast > 0.002 && r.height < -0.002 ? "second derivatives are silent about y⁴, and it wins." : null,
  };
};
