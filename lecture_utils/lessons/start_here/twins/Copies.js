// Between copies of a network: units 1, 2 and units 3, 4 exchanged by shares, all numbers times sign.
({ fmt, linspace }) => {
  const xs = linspace(-3, 3, 41);
  const grid = linspace(-3, 3, 241);
  const side = linspace(-0.25, 1.25, 41);
  const units = [[3, 6, 0.5], [3, 3, -0.5], [3, -3, -0.5], [3, -6, 0.5]];
  const value = (network, x) => network.reduce((sum, [w, b, v]) => sum + v * Math.tanh(w * x + b), 0);
  const target = xs.map((x) => value(units, x));
  const between = (across, up, sign) => {
    const mixed = (one, other, share) => one.map((e, k) => sign * ((1 - share) * e + share * other[k]));
    const [a, b, c, d] = units;
    return [mixed(a, b, across), mixed(b, a, across), mixed(c, d, up), mixed(d, c, up)];
  };
  const loss = (network) =>
    xs.reduce((sum, x, k) => sum + (value(network, x) - target[k]) ** 2, 0) / xs.length;
  let shown = [null, null];
  // The loss of every place of the square; what units 1 and 2 give and what 3 and 4 give add up.
  const square = (sign) => {
    if (shown[0] === sign) return shown[1];
    const part = (share, first) => {
      const network = between(share, share, sign).slice(first, first + 2);
      return xs.map((x) => value(network, x));
    };
    const across = Array.from(side, (share) => part(share, 0));
    const up = Array.from(side, (share) => part(share, 2));
    const z = up.flatMap((u) => across.map((v) => {
      let sum = 0;
      for (let k = 0; k < xs.length; k += 1) sum += (u[k] + v[k] - target[k]) ** 2;
      return sum / xs.length;
    }));
    shown = [sign, z];
    return z;
  };
  return {
    compute({ sign, place }) {
      const network = between(...place, sign);
      return { square: square(sign), curve: grid.map((x) => value(network, x)), loss: loss(network) };
    },
    draw(r, { place }, a) {
      a.image.image(r.square);
      a.star.point(...place);
      a.now.data(grid, r.curve);
    },
    tell: (r, { sign, place: [x, y] }) =>
      `Units 1 and 2 exchanged ${fmt(100 * x, ".0f")} %, units 3 and 4 ${fmt(100 * y, ".0f")} ` +
      `%, all numbers times ${fmt(sign, ".2f")}: loss L = <b>${fmt(r.loss, ".4f")}</b>.`,
    goal: (r, { sign, place }) =>
      Math.min(...place) > 0.9 && sign < -0.9 && Number(fmt(r.loss, ".4f")) < 0.002
        ? "no unit is where it was, every sign is turned, and the loss is the same."
        : null,
  };
};
