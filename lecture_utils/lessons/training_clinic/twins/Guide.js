// The general guide as a tree: four losses light a way through it.
({ fmt }, { nodes, edges, advice, high, gap, colors }) => {
  const verdict = ({ train, smaller, heldout, test }) => {
    if (train > high) return ["train", "smaller", smaller < train - gap ? "optimization" : "model bias"];
    if (test <= train + gap) return ["train", "test", "done"];
    return ["train", "test", "heldout", heldout > train + gap ? "overfitting" : "mismatch"];
  };
  return {
    compute(values) {
      const [x, y] = values.box;
      const away = (name) => Math.hypot(nodes[name][0] - x, nodes[name][1] - y);
      const box = Object.keys(nodes).reduce((best, name) => (away(name) < away(best) ? name : best));
      return { nodes: verdict(values), box };
    },
    draw(r, { train, smaller, heldout, test, box }, a) {
      for (const [name, patch] of Object.entries(a.boxes)) {
        const on = r.nodes.includes(name);
        patch.look({ fill: on ? colors.lit : "#ffffff", stroke: on ? colors.orange : colors.grey });
      }
      for (const [from, to] of edges) {
        const on = r.nodes.includes(from) && r.nodes.includes(to);
        a.lines[`${from}_${to}`].look({
          stroke: on ? colors.orange : colors.grey,
          width: Number(((on ? 4 : 1.5) / 0.72).toFixed(2)),
        });
      }
      a.hand.point(nodes[r.box][0], nodes[r.box][1] + 0.09);
      a.cross.point(...box);
      const [t, s, h, e] = [train, smaller, heldout, test].map((loss) => fmt(loss, ".2f"));
      a.case.text(`training ${t}\nsmaller ${s}\nheld out ${h}\ntest ${e}`);
    },
    tell: (r) =>
      `The guide ends at <b>${nodes[r.nodes[r.nodes.length - 1]][2]}</b>. Your box, <i>` +
      `${nodes[r.box][2]}</i>: ${advice[r.box]}`,
    goal: (r) =>
      r.box === "mismatch" && r.nodes[r.nodes.length - 1] === "mismatch"
        ? "low on held-out images, high on the test: they come from different sources."
        : null,
  };
};
