// One ReLU unit beside five points, and the loss over its input weight and bias.
({ fmt, linspace }, { xs, ys }) => {
  const grid = linspace(-1.8, 5.6, 200);
  const [across, up] = [linspace(-3, 3, 141), linspace(-17, 17, 141)];
  const relu = (z) => Math.max(z, 0);
  let shown = ["", null];
  const losses = (v, c) => {
    if (shown[0] === `${v} ${c}`) return shown[1];
    const z = new Float64Array(141 * 141);
    up.forEach((b, row) => across.forEach((w, column) => {
      let [sum, on] = [0, false];
      for (let k = 0; k < 5; k += 1) {
        const input = w * xs[k] + b;
        on ||= input > 0;
        sum += (v * relu(input) + c - ys[k]) ** 2;
      }
      z[row * 141 + column] = on ? Math.log10(Math.max(sum, 1e-9)) : NaN;
    }));
    shown = [`${v} ${c}`, z];
    return z;
  };
  return {
    compute({ v, w, kink_at: [kink, c] }) {
      const bias = -w * kink;
      const fit = (x) => v * relu(w * x + bias) + c;
      const squares = xs.map((x, k) => Number(fmt((fit(x) - ys[k]) ** 2, ".2f")));
      return {
        losses: losses(v, c),
        bias,
        curve: grid.map(fit),
        fitted: xs.map(fit),
        on: xs.map((x) => w * x + bias > 1e-12),
        squares,
        total: Number(fmt(squares.reduce((sum, e) => sum + e, 0), ".2f")),
      };
    },
    draw(r, { w, kink_at }, a) {
      a.image.image(r.losses);
      a.fit.data(grid, r.curve);
      a.gaps.data(xs.flatMap((x) => [x, x, x]), xs.flatMap((x, k) => [ys[k], r.fitted[k], NaN]));
      const chosen = (on, values) => values.filter((e, k) => r.on[k] === on);
      a.active.data(chosen(true, xs), chosen(true, ys));
      a.silent.data(chosen(false, xs), chosen(false, ys));
      a.kink.point(...kink_at);
      a.here.point(w, r.bias);
    },
    tell(r, { kink_at }) {
      const on = r.on.filter(Boolean).length;
      return `Kink at x = ${fmt(kink_at[0], ".2f")}, b = ${fmt(r.bias + 0, ".2f")}, unit ` +
        `${on ? `active on ${on} of 5 points` : "<b>dead</b>"}. ` +
        `L = ${r.squares.map((e) => fmt(e, ".2f")).join(" + ")} = <b>${fmt(r.total, ".2f")}</b>`;
    },
    goal: (r) =>
      r.total < 14.1 ? "the unit gives up three points, takes the far left one, and beats A by 4." : null,
  };
};
