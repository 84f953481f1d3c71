// Random networks before any training, from the same draws as in Python: which are constant?
({ fmt, linspace, normals, numbers, clip }, { draws, readouts, nets, most, deepest, biases, constant }) => {
  const inputs = linspace(-2, 2, 17);
  const rules = {
    relu: (z) => (z > 0 ? z : 0),
    leaky_relu: (z) => (z > 0 ? z : 0.01 * z),
    gelu: (z) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3))),
    tanh: Math.tanh,
  };
  let [weights, last] = [null, null];
  // Outputs (depth, net, input) and which are constant (depth, net), of all networks of one width.
  const ofWidth = (rule, bias, width) => {
    const count = inputs.length;
    const [outputs, constant] = [[], []];
    let hidden = Array.from({ length: nets }, () => Array.from(inputs, (x) => [x]));
    for (let depth = 0; depth < deepest; depth += 1) {
      const fanIn = depth ? width : 1;
      const scale = Math.sqrt(2 / fanIn);
      const [seen, off] = [[], []];
      for (let net = 0; net < nets; net += 1) {
        const from = (depth * nets + net) * most * most;
        const next = hidden[net].map((h) => {
          const row = new Float64Array(width);
          for (let j = 0; j < width; j += 1) {
            let sum = 0;
            for (let i = 0; i < fanIn; i += 1) sum += h[i] * weights[from + i * most + j];
            row[j] = rule(sum * scale + bias);
          }
          return row;
        });
        hidden[net] = next;
        const out = new Float64Array(count);
        for (let x = 0; x < count; x += 1) {
          for (let j = 0; j < width; j += 1) out[x] += next[x][j] * last[net * most + j];
          out[x] /= Math.sqrt(width);
        }
        seen.push(out);
        off.push(next.every((row) => row.every((e, j) => e === next[0][j])));
      }
      outputs.push(seen);
      constant.push(off);
    }
    return { outputs, constant };
  };
  const kept = new Map();
  const survey = (activation, bias) => {
    const key = `${activation} ${bias}`;
    if (!kept.has(key)) {
      weights ??= normals(...draws, deepest * nets * most * most);
      last ??= normals(...readouts, nets * most);
      if (kept.size > 7) kept.delete(kept.keys().next().value);
      const all = Array.from({ length: most }, (_, k) => ofWidth(rules[activation], bias, k + 1));
      if (activation in constant) mark(all, numbers(constant[activation][biases.indexOf(bias)]));
      kept.set(key, all);
    }
    return kept.get(key);
  };
  // Note which networks are constant, from how many in a row are not, are, are not, …
  const mark = (all, runs) => {
    const flags = runs.flatMap((length, k) => new Array(length).fill(k % 2 === 1));
    all.forEach((one, width) => {
      one.constant = one.constant.map((_, depth) => {
        const from = (width * deepest + depth) * nets;
        return flags.slice(from, from + nets);
      });
    });
  };
  const joined = (outputs) => [
    outputs.flatMap(() => [...inputs, NaN]),
    outputs.flatMap((out) => [...out, NaN]),
  ];
  return {
    compute({ activation, bias, network }) {
      const all = survey(activation, Number(fmt(bias, ".2f")));
      const even = (v) => (Math.abs(v % 1) === 0.5 ? 2 * Math.round(v / 2) : Math.round(v)); // as numpy
      const depth = clip(even(network[0]), 1, deepest);
      const width = clip(even(network[1]), 1, most);
      const { outputs, constant } = all[width - 1];
      const off = constant[depth - 1];
      const chosen = outputs[depth - 1];
      const spread = chosen.map((out) => Math.max(...out) - Math.min(...out));
      return {
        shares: all.flatMap((one) => one.constant.map((dead) => dead.filter(Boolean).length / nets)),
        depth,
        width,
        outputs: chosen.map((out) => out.map((e) => e - out.reduce((a, b) => a + b, 0) / out.length)),
        off,
        dead: off.filter(Boolean).length,
        nearly: spread.filter((e, k) => !off[k] && e < 1e-3).length,
      };
    },
    draw(r, { network }, a) {
      a.image.image(r.shares);
      a.here.point(r.depth, r.width);
      a.hand.point(...network);
      a.live.data(...joined(r.outputs.filter((e, k) => !r.off[k])));
      a.dead.data(...joined(r.outputs.filter((e, k) => r.off[k])));
    },
    tell(r, { activation, bias }) {
      let text = `${r.depth} hidden layer${r.depth > 1 ? "s" : ""} of ${r.width}: <b>${r.dead} of 100</b> born dead`;
      if (activation === "relu" && bias === 0) {
        text += ` (bound ${fmt(1 - (1 - 2 ** -r.width) ** r.depth, ".2f")})`;
      }
      return `${text}; ${r.nearly} more vary by less than 0.001 over all inputs shown.`;
    },
    goal(r, { activation, bias }) {
      if (activation !== "relu" || bias !== 0) return null;
      const share = (width) => r.shares[(width - 1) * deepest + r.depth - 1];
      return r.depth === deepest && r.width > 1 && share(r.width) < 0.1 && share(r.width - 1) >= 0.1
        ? `${r.width} units per layer keep 20 layers alive; one unit less does not.`
        : null;
    },
  };
};
