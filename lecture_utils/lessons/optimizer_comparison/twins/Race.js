// Seven optimizers from one start, on eight surfaces.
({ fmt, range, diverged, surfaces, clip, pow }, { suits, sides }) => {
  const steps = 300;
  const good = 1e-6;
  const ravine = { value: (x, y) => 0.5 * (x ** 2 + 25 * y ** 2), slope: (x, y) => [x, 25 * y] };
  const tracks = {
    ravine,
    "rotated ravine": {
      value: (x, y) => 0.5 * (13 * x ** 2 - 24 * x * y + 13 * y ** 2),
      slope: (x, y) => [13 * x - 12 * y, 13 * y - 12 * x],
    },
    Rosenbrock: {
      value: (x, y) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2,
      slope: (x, y) => [-2 * (1 - x) - 400 * x * (y - x ** 2), 200 * (y - x ** 2)],
    },
    Beale: {
      value: (x, y) => [1.5, 2.25, 2.625].reduce((sum, c, k) => sum + (c - x + x * pow(y, k + 1)) ** 2, 0),
      slope(x, y) {
        const errors = [1.5, 2.25, 2.625].map((c, k) => c - x + x * pow(y, k + 1));
        return [
          errors.reduce((sum, e, k) => sum + 2 * e * (pow(y, k + 1) - 1), 0),
          errors.reduce((sum, e, k) => sum + 2 * e * x * (k + 1) * pow(y, k), 0),
        ];
      },
    },
    saddle: surfaces.doubleWell,
    hill: {
      value: (x, y) => x ** 4 / 4 - x ** 2 / 2 + 0.15 * x + y ** 2 / 2,
      slope: (x, y) => [x ** 3 - x + 0.15, y],
    },
    "plateau and cliff": {
      value: (x, y) => (1 - pow(x, 6) * pow(y, 5)) ** 2,
      slope(x, y) {
        const pull = -2 * (1 - pow(x, 6) * pow(y, 5));
        return [pull * 6 * pow(x, 5) * pow(y, 5), pull * 5 * pow(x, 6) * pow(y, 4)];
      },
    },
    Himmelblau: surfaces.himmelblau,
  };
  const domains = {
    ravine: 4.4, "rotated ravine": 4.4, Rosenbrock: 4, Beale: 9, saddle: 3.6, hill: 3.6,
    "plateau and cliff": 1.4, Himmelblau: 10,
  };
  const lowest = {
    saddle: -0.25, hill: tracks.hill.value(-1.06792301369, 0),
    Himmelblau: Math.min(...[[3, 2], [-2.805118086953, 3.131312518251], [-3.779310253378, -3.283185991286],
      [3.58442834033, -1.848126526964]].map((p) => surfaces.himmelblau.value(...p))),
  };
  const root = (square) => (square > 0 ? Math.sqrt(square) : 1);
  // Of each rule: what moves one number, with a memory of its own.
  const rules = {
    "gradient descent": (rate) => () => (g) => -rate * g,
    momentum: (rate, decay) => () => {
      let m = 0;
      return (g) => (m = decay * m - rate * g);
    },
    Nesterov: (rate, decay) => () => {
      let m = 0;
      return (g) => {
        m = g + decay * m;
        return -rate * (g + decay * m);
      };
    },
    RMS: (rate) => () => {
      let [square, k] = [0, 0];
      return (g) => {
        k += 1;
        square += (g * g - square) / k;
        return (-rate * g) / root(square);
      };
    },
    RMSProp: (rate, decay) => () => {
      let square = null;
      return (g) => {
        square = square === null ? g * g : decay * square + (1 - decay) * g * g;
        return (-rate * g) / root(square);
      };
    },
    Adam: (rate, decay) => () => {
      let [mean, square, k] = [0, 0, 0];
      return (g) => {
        k += 1;
        mean = decay * mean + (1 - decay) * g;
        square = 0.999 * square + 0.001 * g * g;
        return (-rate * (mean / (1 - decay ** k))) / (Math.sqrt(square / (1 - 0.999 ** k)) + 1e-8);
      };
    },
    Lion: (rate, decay) => () => {
      let mean = 0;
      return (g, place) => {
        const way = Math.sign((1 - decay) * g + decay * mean);
        mean = 0.99 * mean + 0.01 * g;
        return -rate * (way + 1e-3 * place);
      };
    },
  };
  const names = Object.keys(rules);
  const run = (track, start, rule) => {
    const moves = [rule(), rule()];
    const [points, losses, slopes] = [[], [], []];
    let p = start;
    for (let k = 0; k <= steps; k += 1) {
      const g = track.slope(...p);
      points.push(p);
      losses.push(track.value(...p));
      slopes.push(g);
      p = p.map((e, i) => e + moves[i](g[i], e));
    }
    return { points, losses, slopes };
  };
  // Since when it is close to the lowest loss and has stayed there until this step, or -1.
  const arrivedAt = (gap, step) => {
    let since = step + 1;
    while (since > 0 && gap[since - 1] < good) since -= 1;
    return since <= step ? since : -1;
  };
  const words = (r, k, step) => {
    const { lost, gap } = r[k];
    const arrived = arrivedAt(gap, step);
    if (lost >= 0 && lost <= step) return `<b>diverged at step ${lost}</b>`;
    if (arrived >= 0) return `arrived at step <b>${arrived}</b>`;
    return fmt(gap[step], ".2g");
  };
  // Lengths grow with the logarithm, so that small ones are seen too.
  const compressed = ([x, y], width) => {
    const length = Math.hypot(x, y);
    if (!(length > 0)) return [0, 0];
    const size = clip(0.16 + 0.03 * Math.log10(length / width), 0.03, 0.16) * width;
    return [(x / length) * size, (y / length) * size];
  };
  // An entry of the legend is a line, a mark and a name; it is pale where that one does not race.
  const colors = new Set(["stroke", "fill", "color"]);
  const named = (legend, values) => {
    legend.shownLooks = legend.looks.map((look, k) => {
      const { text } = legend.looks.slice(k).find(({ kind }) => kind === "text");
      const pale = ([part, told]) => [part, colors.has(part) ? told.slice(0, 7) + (values[text] ? "" : "40") : told];
      return { ...look, style: Object.fromEntries(Object.entries(look.style).map(pale)) };
    });
  };
  return {
    follow(changed, { surface, start }) {
      if (!changed.has("surface")) return {};
      const ends = sides[surface];
      const inside = start.every((x, k) => ends[k][0] <= x && x <= ends[k][1]);
      return { ...suits[surface], start: inside ? start : ends.map(([low, high]) => low + 0.35 * (high - low)) };
    },
    reads: ["surface", "start", "decay", ...names.map((name) => `rate of ${name}`)],
    compute(values) {
      const { surface, start, decay } = values;
      const floor = lowest[surface] ?? 0;
      return names.map((name) => {
        const found = run(tracks[surface], start, rules[name](values[`rate of ${name}`], decay));
        const lost = diverged(found.losses);
        const gap = found.losses.map((loss) => (loss - floor > 1e-12 || Number.isNaN(loss) ? loss - floor : 1e-12));
        return { ...found, gap, lost };
      });
    },
    draw(r, values, { board }) {
      const { step, surface, start } = values;
      const width = domains[surface];
      const onTrack = r.map(({ lost }, k) => values[names[k]] && !(lost >= 0 && lost <= step));
      r.forEach(({ points, gap, lost }, k) => {
        const end = values[names[k]] ? Math.min(step + 1, lost >= 0 ? lost : step + 1) : 0;
        const shown = points.slice(0, end);
        board.trails[k].data(shown.map((p) => p[0]), shown.map((p) => p[1]));
        board.gaps[k].data(range(end), gap.slice(0, end));
        if (onTrack[k]) board.dots[k].point(...points[step]);
        else board.dots[k].hide();
        if (end) board.marks[k].point(end - 1, gap[end - 1]);
        else board.marks[k].hide();
      });
      const here = r.map(({ points }, k) => (onTrack[k] ? points[step] : [NaN, NaN]));
      const last = r.map(({ points }) => points[step].map((e, i) => e - points[Math.max(step - 1, 0)][i]));
      const down = r.map(({ slopes }) => slopes[step].map((e) => -e));
      for (const [arrows, vectors] of [[board.velocity, last], [board.descent, down]]) {
        const found = vectors.map((v, k) => (onTrack[k] ? compressed(v, width) : [0, 0]));
        arrows.arrows(here.map((p) => p[0]), here.map((p) => p[1]), found.map((v) => v[0]), found.map((v) => v[1]));
      }
      board.ring.point(...start);
      named(board.legend, values);
    },
    tell(r, values) {
      const told = names.flatMap((name, k) => (values[name] ? [`${name} ${words(r, k, values.step)}`] : []));
      if (!told.length) return "No optimizer is switched on.";
      return `Step ${values.step}, L − L* (arrived: below 10⁻⁶ to stay): ${told.join(", ")}.`;
    },
    goal(r, { surface, step, momentum }) {
      const arrived = arrivedAt(r[names.indexOf("momentum")].gap, step);
      if (surface !== "ravine" || !momentum) return null;
      return r[0].losses[0] >= 10 && arrived >= 0 && arrived <= 40
        ? `momentum needed ${arrived} steps; section 4 says which η and λ are the best.`
        : null;
    },
  };
};
