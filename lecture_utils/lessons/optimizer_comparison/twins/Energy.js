// A ball on two wells, with and without memory, and its energy.
({ fmt, linspace, range, diverged }) => {
  const steps = 250;
  const grid = linspace(-1.9, 1.9, 241);
  const memories = linspace(0.01, 0.99, 99);
  const well = (x, tilt) => x ** 4 / 4 - x ** 2 / 2 + tilt * x;
  const slope = (x, tilt) => x ** 3 - x + tilt;
  const roll = (start, rate, memory, tilt) => {
    const [xs, ms] = [[], []];
    let [x, m] = [start, 0];
    for (let k = 0; k <= steps; k += 1) {
      xs.push(x);
      ms.push(m);
      m = memory * m - rate * slope(x, tilt);
      x += m;
    }
    return { xs, ms };
  };
  // The middle one of the three roots of x³ - x + tilt.
  const hillTop = (tilt) => {
    const turn = Math.acos((-3 * Math.sqrt(3) * tilt) / 2) / 3;
    const roots = [0, 1, 2].map((k) => (2 / Math.sqrt(3)) * Math.cos(turn - (2 * Math.PI * k) / 3));
    return roots.sort((a, b) => a - b)[1];
  };
  const enough = (start, rate, tilt, top) => {
    const found = memories.find((memory) => {
      const { xs, ms } = roll(start, rate, memory, tilt);
      return xs[steps] < top && Math.abs(ms[steps]) < 1e-3;
    });
    return found ?? NaN;
  };
  return {
    reads: ["start", "rate", "decay", "tilt"],
    compute({ start, rate, decay, tilt }) {
      const runs = [0, decay].map((memory) => roll(start[0], rate, memory, tilt));
      const heights = runs.map(({ xs }) => xs.map((x) => well(x, tilt)));
      const lost = diverged(heights[0].map((e, k) => {
        const both = [Math.abs(e), Math.abs(heights[1][k])];
        return both.some(Number.isNaN) ? NaN : Math.max(...both);
      }));
      const count = lost >= 0 ? Math.max(lost, 1) : steps + 1;
      const top = hillTop(tilt);
      return {
        places: runs.map(({ xs }) => xs.slice(0, count)),
        losses: heights.map((all) => all.slice(0, count)),
        energies: heights[1].slice(0, count).map((e, k) => e + runs[1].ms[k] ** 2 / (2 * rate)),
        lost,
        ground: grid.map((x) => well(x, tilt)),
        summit: [top, well(top, tilt)],
        enough: enough(start[0], rate, tilt, top),
        at: (step) => Math.min(step, count - 1),
      };
    },
    draw(r, { step, start, tilt }, a) {
      const now = r.at(step);
      const { board } = a;
      const energy = r.energies[now];
      const [place, height] = r.summit;
      board.ground.data(grid, r.ground);
      board.top.data([0, steps], [height, height]);
      board.ring.point(start[0], well(start[0], tilt));
      board.dots.forEach((dot, k) => dot.point(r.places[k][now], r.losses[k][now]));
      board.level.data(grid, grid.map((x, k) => {
        const sameSide = place > x === r.places[1][now] < place;
        return r.ground[k] <= energy && (sameSide || energy > height) ? energy : NaN;
      }));
      const shown = range(now + 1);
      board.total.data(shown, r.energies.slice(0, now + 1));
      board.height.data(shown, r.losses[1].slice(0, now + 1));
      board.plain.data(shown, r.losses[0].slice(0, now + 1));
    },
    tell(r, { step }) {
      if (r.lost >= 0 && r.lost <= step) return `<b>diverged at step ${r.lost}</b>`;
      const now = r.at(step);
      const [plain, height, energy] = [r.losses[0][now], r.losses[1][now], r.energies[now]];
      return `Step ${step}. Momentum: L ${fmt(height, "+.3f")} + motion ${fmt(energy - height, ".3f")} = ` +
        `energy <b>${fmt(energy, "+.3f")}</b>; the hill is ${fmt(r.summit[1], "+.3f")} high. ` +
        `Gradient descent: L ${fmt(plain, "+.3f")}.`;
    },
    goal(r, { start, tilt, decay, step }) {
      const smallest = Math.abs(decay - r.enough) < 1e-6;
      return start[0] >= 1.4 && tilt >= 0.05 && smallest && step === steps
        ? `with λ = ${fmt(decay - 0.01, ".2f")} or less it stays in the shallow well.`
        : null;
    },
  };
};
