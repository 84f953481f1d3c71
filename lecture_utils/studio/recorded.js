// The player: an explorer of the course on a page without Python. What it plays is written by
// record.py: either states on a grid, or a twin that computes in the page what the explorer does.
// A classic script without modules and requests, so that it runs from a disk too.

(() => {
  "use strict";

  const NEAR = "800px"; // a figure that is so near the window is made alive
  const TWEEN = 90; // ms from one recorded state to the next
  const LONGEST = 0.2; // s; after a pause of the page the film goes on where it was
  const NARROW = 620; // px; below it the parts of a picture stand one below another
  const LETTERS = 15.3; // px; the numbers at the axes (style.py: 11 points), where a picture is full
  const FINGER = 44; // px around a point that a finger takes
  const STILL = 10; // px; a finger that goes farther is no tap
  const READABLE = 10; // px; no part's letters are smaller on a telephone,
  const SMALLEST = 9.2; // px; unless so little smaller that nothing need be slid, or more is in sight
  const SENTENCE = 66; // px; three lines below a telephone's picture, kept free for what it says
  const SLOW = 100; // ms; a twin that took so long says that it computes before it does
  const LARGEST = 1.15; // of its size: no part is blown up more
  const REACH = 30; // px of the picture between the pointer and the curve whose value it asks for
  const GRAPH = 8; // places at least that make a path a curve
  const FEW = 4; // controls that stand right below a telephone's picture
  const MOST_MOVES = 50; // that can be taken back
  const PAUSE = 700; // ms; the same value moved again so soon is the same move
  const PALE = 0.4; // opacity of the last run
  const STEP = "Step ▸";
  const AGAIN = "↺ First step"; // what the same button does at the end
  const BEGIN = "This is the start: press ▶ Play.";
  const FINE = 0.2; // Shift makes an arrow key's step this much finer
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
  const FONT = '"DejaVu Sans", Verdana, "Segoe UI", system-ui, sans-serif';
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const narrow = window.matchMedia("(max-width: 620px)"); // a telephone
  const coarse = window.matchMedia("(pointer: coarse)"); // a finger

  // --- what record.py has written small (packing.py) ------------------------------------------

  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const DIGITS = new Uint8Array(128);
  for (let k = 0; k < 64; k += 1) DIGITS[ALPHABET.charCodeAt(k)] = k;

  function numbers(text, from = 0, gap = null) {
    const found = [];
    let value = 0;
    let shift = 0;
    for (let k = from; k < text.length; k += 1) {
      if (text[k] === "~") {
        found.push(gap);
        continue;
      }
      const digit = DIGITS[text.charCodeAt(k)];
      value += (digit & 31) * 2 ** shift;
      if (digit & 32) {
        shift += 5;
        continue;
      }
      found.push(value % 2 ? -(value - 1) / 2 : value / 2);
      value = 0;
      shift = 0;
    }
    return found;
  }

  function vertices(text) {
    const all = [];
    text.split(" ").forEach((part, turn) => {
      if (turn) all.push(NaN);
      const second = part[0] === "2";
      let place = 0;
      let pace = 0;
      for (const step of numbers(part, 1, NaN)) {
        if (Number.isNaN(step)) {
          all.push(NaN);
          continue;
        }
        pace = second ? pace + step : step;
        place += pace;
        all.push(place / 4);
      }
    });
    return Float64Array.from(all);
  }

  // A part of the states: one number, or one for each place on those axes on which it depends.
  function makeField(told, shape) {
    if (typeof told === "number") return () => told;
    const [axes, text] = told;
    let sum = 0;
    const all = Int32Array.from(numbers(text), (step) => (sum += step));
    return (index) => all[axes.reduce((at, axis) => at * shape[axis] + index[axis], 0)];
  }

  // --- numbers as Python writes them ------------------------------------------------------------

  function fixed(x, digits) {
    const tie = Math.abs(x) * 10 ** digits;
    if (tie % 1 === 0.5 && Number.isInteger(x * 2 ** (digits + 1)) && Math.floor(tie) % 2 === 0) {
      return (Math.sign(x) * Math.floor(tie) / 10 ** digits).toFixed(digits); // half to even
    }
    return x.toFixed(digits);
  }

  function fmt(x, spec = "") {
    const found = /^(\+?)(?:\.(\d+))?([fge%d]?)$/.exec(spec);
    if (!found) throw new Error(`no such format: ${spec}`);
    const [, plus, places, kind] = found;
    if (Number.isNaN(x)) return "nan";
    let text;
    if (!Number.isFinite(x)) text = "inf";
    else if (kind === "d" || kind === "") text = String(Math.abs(x));
    else if (kind === "%") text = `${fixed(100 * Math.abs(x), Number(places ?? 6))}%`;
    else if (kind === "f") text = fixed(Math.abs(x), Number(places ?? 6));
    else if (kind === "e") text = exponential(Math.abs(x), Number(places ?? 6));
    else text = general(Math.abs(x), Math.max(1, Number(places ?? 6)));
    const negative = x < 0 || Object.is(x, -0);
    return (negative ? "-" : plus) + text;
  }

  function exponential(x, digits) {
    const [head, tail] = x.toExponential(digits).split("e");
    return `${head}e${tail[0]}${tail.slice(1).padStart(2, "0")}`;
  }

  function general(x, digits) {
    if (x === 0) return "0";
    const size = Number(x.toExponential(digits - 1).split("e")[1]);
    const strip = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (size >= -4 && size < digits) return strip(fixed(x, Math.max(0, digits - 1 - size)));
    const [head, tail] = exponential(x, digits - 1).split("e");
    return `${strip(head)}e${tail}`;
  }

  const shown = (text) => text.replace(/^-/, "−");

  // A sentence with its numbers as the axes write them (studio/numbers.py, typeset).
  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const raised = (text) => [...text].map((sign) => RAISED[sign]).join("");
  const typeset = (text) => text
    .replace(/(^|[^\w."'=−-])-(?=[\d.∞]|inf)/g, "$1−")
    .replace(/(\d)e([+-])0*(\d+)(?!\w)/g, (_, digit, sign, size) => (
      size === "0" ? digit : `${digit} · 10${raised(sign.replace("+", "") + size)}`));

  // --- axes: from data to pixels and back --------------------------------------------------------

  const FORWARD = {
    linear: (v) => v,
    log: (v) => (v > 0 ? Math.log10(v) : -1000), // as matplotlib clips it
  };
  const BACK = { linear: (v) => v, log: (v) => 10 ** v };

  // Linear near zero and logarithmic beyond, as matplotlib's symlog.
  const symlog = (near) => (v) => {
    const size = Math.abs(v);
    return Math.sign(v) * (size <= near ? size / 0.9 : near * (1 / 0.9 + Math.log10(size / near)));
  };

  function makeAxis([low, high, scale, near], from, to) {
    const there = scale === "symlog" ? symlog(near) : FORWARD[scale] ?? FORWARD.linear;
    const back = BACK[scale] ?? BACK.linear;
    const [a, b] = [there(low), there(high)];
    return {
      low: Math.min(low, high),
      high: Math.max(low, high),
      pixel: (v) => from + ((there(v) - a) / (b - a)) * (to - from),
      value(p) {
        const found = back(a + ((p - from) / (to - from)) * (b - a));
        return Math.min(Math.max(found, this.low), this.high);
      },
    };
  }

  // Where the parts [left, right] of a picture stand in a place so many pixels wide: side by side,
  // or, where its letters (in its pixels) could not be read so, in as few rows as can be, as large
  // as `tallest` allows.  Gives views {from, to, left, top} and the size of all, in pixels of the
  // picture, and the pixels of the page for one of them.
  function arranged([width, height], panels, wide, letters, tallest) {
    const whole = [{ from: 0, to: width, left: 0, top: 0 }];
    if (wide >= NARROW) return { views: whole, width, height, scale: Math.min(wide / width, 1) };
    const needed = READABLE / letters;
    const rows = [];
    for (const [from, to] of panels) {
      const row = rows.at(-1);
      if (row && (to - row[0].from) * needed <= wide) row.push({ from, to });
      else rows.push([{ from, to }]);
    }
    const long = (row) => row.at(-1).to - row[0].from;
    const across = Math.max(...rows.map(long));
    const most = Math.min(wide / across, LARGEST);
    const views = rows.flatMap((row, k) => row.map(({ from, to }) => ({
      from, to, left: (across - long(row)) / 2 + from - row[0].from, top: k * height,
    })));
    const nearly = most < needed && most >= SMALLEST / letters;
    const least = rows.length > 1 ? SMALLEST / letters : needed;
    const scale = nearly ? most : Math.max(least, Math.min(most, tallest / (rows.length * height)));
    return { views, width: across, height: rows.length * height, scale };
  }

  function makeAxes({ box, x, y }) {
    return { box, x: makeAxis(x, box[0], box[2]), y: makeAxis(y, box[3], box[1]) };
  }

  // --- recorded states -----------------------------------------------------------------------------

  class Recorded {
    constructor({ recorded }) {
      this.dims = recorded.dims;
      const shape = this.dims.map((dim) => dim.values.length);
      this.arrays = recorded.arrays;
      this.read = new Map();
      this.strings = recorded.strings;
      this.styles = new Map();
      const field = (told) => makeField(told, shape);
      this.operations = recorded.operations.map((told) => ({
        kind: told.kind,
        ghost: told.ghost,
        style: field(told.style),
        x: field(told.x),
        y: field(told.y),
        text: told.text === undefined ? () => -1 : field(told.text),
      }));
      this.tell = field(recorded.tell);
      this.numbers = recorded.numbers.map(field);
      this.goal = field(recorded.goal);
      this.back = field(recorded.back);
      this.places = Object.entries(recorded.places).map(([name, told]) => [name, field(told)]);
      this.tweens = true;
    }

    array(number) {
      if (!this.read.has(number)) this.read.set(number, vertices(this.arrays[number]));
      return this.read.get(number);
    }

    style(number) {
      if (!this.styles.has(number)) this.styles.set(number, JSON.parse(this.strings[number]));
      return this.styles.get(number);
    }

    // The recorded value that is nearest.
    dim(name, part = null) {
      return this.dims.find((dim) => dim.name === name && dim.part === part);
    }

    snap(values, axesOf) {
      const near = { ...values };
      for (const dim of this.dims) {
        const wanted = dim.part === null ? values[dim.name] : values[dim.name][dim.part];
        const k = this.nearest(dim, wanted, axesOf);
        if (dim.part === null) near[dim.name] = dim.values[k];
        else {
          near[dim.name] = [...near[dim.name]];
          near[dim.name][dim.part] = dim.values[k];
        }
      }
      return near;
    }

    nearest(dim, wanted, axesOf) {
      const same = dim.values.findIndex((v) => v === wanted);
      if (same >= 0 || typeof wanted !== "number") return Math.max(same, 0);
      const axis = dim.part === null ? null : axesOf?.(dim.name)?.["xy"[dim.part]];
      const place = axis ? (v) => axis.pixel(v) : (v) => v;
      let best = 0;
      dim.values.forEach((v, k) => {
        const away = Math.abs(place(v) - place(wanted));
        if (away < Math.abs(place(dim.values[best]) - place(wanted))) best = k;
      });
      return best;
    }

    frame(values) {
      const index = this.dims.map((dim) =>
        this.nearest(dim, dim.part === null ? values[dim.name] : values[dim.name][dim.part]));
      const operations = this.operations.map(({ kind, ghost, style, x, y, text }) => {
        const look = style(index);
        if (look < 0) return null;
        const said = text(index);
        return {
          kind,
          ghost,
          style: this.style(look),
          x: this.array(x(index)),
          y: this.array(y(index)),
          text: said < 0 ? "" : this.strings[said],
        };
      });
      const words = this.strings[this.tell(index)].split("\u0000");
      const tokens = this.numbers.map((field) => field(index));
      const tell = words.map((word, k) => word + (k < words.length - 1 ? this.strings[tokens[k]] : ""));
      const places = {};
      for (const [name, field] of this.places) places[name] = this.array(field(index));
      return {
        operations,
        back: this.back(index),
        tell: tell.join(""),
        goal: this.strings[this.goal(index)],
        places,
      };
    }
  }

  // --- a twin ----------------------------------------------------------------------------------------

  // An artist of the twin: it takes data as its model in Python does, and draws in pixels.
  class Artist {
    constructor(told) {
      Object.assign(this, told);
      this.looks = told.operations.map((operation) => ({
        ...operation,
        ghost: told.ghost,
        x: vertices(operation.x),
        y: vertices(operation.y),
      }));
      this.reset();
    }

    reset() {
      this.shownLooks = this.empty ? [] : this.looks;
    }

    at(axes) {
      this.frame = axes[this.axes];
    }

    data(xs, ys) {
      const { x, y } = this.frame;
      const far = (p) => (Number.isFinite(p) ? Math.min(Math.max(p, -4000), 4000) : NaN);
      const px = Float64Array.from(xs, (v) => far(x.pixel(v)));
      const py = Float64Array.from(ys, (v) => far(y.pixel(v)));
      const looks = this.shownLooks.length ? this.shownLooks : this.looks;
      this.shownLooks = px.length ? looks.map((look) => ({ ...look, x: px, y: py })) : [];
    }

    point(x, y) {
      this.data([x], [y]);
    }

    // Upright segments from zero to these heights, each in its color where there are some.
    segments(xs, heights, colors = null) {
      const { x, y } = this.frame;
      const zero = y.pixel(0);
      this.shownLooks = Array.from(xs, (at, k) => {
        const look = this.looks[Math.min(k, this.looks.length - 1)];
        return {
          ...look,
          style: colors ? { ...look.style, stroke: colors[k] } : look.style,
          x: Float64Array.of(x.pixel(at), x.pixel(at)),
          y: Float64Array.of(zero, y.pixel(heights[k])),
        };
      });
    }

    // A level from side to side, as axhline draws it.
    across(level) {
      const { box, y } = this.frame;
      this.shownLooks = this.shownLooks.map((look) => ({
        ...look,
        x: Float64Array.from([box[0], box[2]]),
        y: Float64Array.from([y.pixel(level), y.pixel(level)]),
      }));
    }

    hide() {
      this.shownLooks = [];
    }

    text(text, x, y) {
      const lines = text.split("\n");
      this.shownLooks = this.shownLooks.map((look, k) => ({ ...look, text: lines[k] }));
      if (x !== undefined) this.data([x], [y]);
    }

    look(changes) {
      this.shownLooks = this.shownLooks.map((look) => ({
        ...look,
        style: { ...look.style, ...changes },
      }));
    }

    // Arrows as matplotlib's quiver draws them: angles and lengths in data coordinates.
    arrows(xs, ys, us, vs) {
      const { x, y } = this.frame;
      this.shownLooks = this.looks.map((look, k) => {
        const from = [x.pixel(xs[k]), y.pixel(ys[k])];
        if (!from.every(Number.isFinite)) return null;
        const along = [x.pixel(xs[k] + us[k]) - from[0], from[1] - y.pixel(ys[k] + vs[k])];
        const length = Math.hypot(...along);
        const [c, s] = length > 0 ? along.map((e) => e / length) : [1, 0];
        const outline = arrow(length / this.thick);
        return {
          ...look,
          x: Float64Array.from(outline, ([a, b]) => from[0] + (a * c - b * s) * this.thick),
          y: Float64Array.from(outline, ([a, b]) => from[1] - (a * s + b * c) * this.thick),
        };
      });
    }

    // Numbers z, row by row from below, in the colors of the image.
    image(z) {
      const { rows, columns, palette, clim, bad } = this;
      this.sheet ??= Object.assign(document.createElement("canvas"), { width: columns, height: rows });
      const context = this.sheet.getContext("2d");
      const pixels = context.createImageData(columns, rows);
      const most = palette.length;
      for (let row = 0; row < rows; row += 1) {
        for (let column = 0; column < columns; column += 1) {
          const value = z[row * columns + column];
          const at = 4 * ((rows - 1 - row) * columns + column);
          if (Number.isNaN(value)) {
            for (let c = 0; c < 4; c += 1) pixels.data[at + c] = 255 * bad[c];
            continue;
          }
          const share = (value - clim[0]) / (clim[1] - clim[0]);
          const color = palette[Math.min(Math.max(Math.floor(share * most), 0), most - 1)];
          for (let c = 0; c < 4; c += 1) pixels.data[at + c] = color[c];
        }
      }
      context.putImageData(pixels, 0, 0);
      this.shownLooks = [{
        kind: "image",
        style: { clip: this.clip },
        x: this.rectangle.slice(0, 2),
        y: this.rectangle.slice(2),
        picture: this.sheet,
        text: "",
      }];
    }
  }

  // The outline of an arrow of this length, in units of its shaft's width: matplotlib's quiver.
  function arrow(length) {
    if (length < 1) {
      return Array.from({ length: 8 }, (_, k) => [Math.cos((k * Math.PI) / 3) / 2, Math.sin((k * Math.PI) / 3) / 2]);
    }
    const shrink = Math.min(length / 5, 1); // below its head's length the whole arrow shrinks
    const tip = Math.max(length, 5);
    const half = [[0, 0.5], [tip - 4.5, 0.5], [tip - 5, 1.5], [tip, 0]];
    const other = [[tip, 0], [tip - 5, -1.5], [tip - 4.5, -0.5], [0, -0.5]];
    return [...half, ...other.slice(1), half[0]].map(([a, b]) => [a * shrink, b * shrink]);
  }

  function tree(artists) {
    const root = {};
    for (const artist of artists) {
      const path = artist.name.split(".");
      path.reduce((at, key, k) => {
        if (k === path.length - 1) at[key] = artist;
        else at[key] ??= /^\d+$/.test(path[k + 1]) ? [] : {};
        return at[key];
      }, root);
    }
    return root;
  }

  class Twin {
    constructor({ twin, groups }, source) {
      this.told = twin;
      this.groups = groups;
      this.rules = source(help, twin.data);
      this.artists = twin.artists.map((told) => new Artist(told));
      this.named = tree(this.artists);
      this.axes = twin.backs.axes.map((all) => all.map(makeAxes));
      this.tweens = false;
      this.notes = this.rules.note ?? ""; // what a reader must know of what was computed before
      this.kept = [];
      this.cost = 0; // ms that the last result took
    }

    // Some twins know only some values of a control.
    dim(name) {
      const values = this.told.data.values?.[name];
      return values && { name, values };
    }

    nearest({ values }, wanted) {
      return values.reduce((best, v, k) => (Math.abs(v - wanted) < Math.abs(values[best] - wanted) ? k : best), 0);
    }

    snap(values) {
      const near = { ...values };
      for (const name of Object.keys(this.told.data.values ?? {})) {
        const dim = this.dim(name);
        near[name] = dim.values[this.nearest(dim, values[name])];
      }
      return near;
    }

    follow(changed, values, given) {
      const wanted = this.rules.follow?.(changed, values) ?? {};
      return Object.fromEntries(Object.entries(wanted).filter(([name]) => !given.has(name)));
    }

    // What compute reads, as a text.
    key(values) {
      const read = this.rules.reads ?? Object.keys(values);
      return JSON.stringify(read.map((name) => values[name]));
    }

    knows(values) {
      const key = this.key(values);
      return this.kept.some(([known]) => known === key);
    }

    // What compute gives for the values that it reads; the last ones are kept.
    result(values) {
      const key = this.key(values);
      const found = this.kept.find(([known]) => known === key);
      if (found) return found[1];
      const begun = performance.now();
      const result = this.rules.compute(values);
      this.cost = performance.now() - begun;
      this.kept = [[key, result], ...this.kept.slice(0, 7)];
      return result;
    }

    frame(values) {
      const { names, keys } = this.told.backs;
      const key = JSON.stringify(names.map((name) => values[name]));
      const back = Math.max(0, keys.findIndex((known) => JSON.stringify(known) === key));
      const result = this.result(values);
      for (const artist of this.artists) {
        artist.reset();
        artist.at(this.axes[back]);
      }
      this.rules.draw(result, values, this.named);
      const places = {};
      for (const [name, [x, y]] of Object.entries(this.rules.places?.(result, values) ?? {})) {
        places[name] = [x, y];
      }
      return {
        operations: this.artists.flatMap((artist) => artist.shownLooks),
        back,
        tell: this.rules.tell(result, values),
        goal: this.rules.goal?.(result, values) ?? "",
        places,
        inData: true,
      };
    }
  }

  // --- what twins may use ------------------------------------------------------------------------------

  const help = {
    fmt,
    typeset,
    counted: (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`,
    numbers: (text) => numbers(text),
    linspace: (a, b, n) => Float64Array.from({ length: n }, (_, k) => (k === n - 1 ? b : a + (k * (b - a)) / (n - 1))),
    logspace: (a, b, n) => help.linspace(a, b, n).map((v) => 10 ** v),
    geomspace: (a, b, n) => help.linspace(Math.log10(a), Math.log10(b), n).map((v) => 10 ** v),
    range: (n) => Float64Array.from({ length: n }, (_, k) => k),
    mean: (values) => values.reduce((sum, v) => sum + v, 0) / values.length,
    // The first step whose loss is no number or beyond the limit, or -1 (training.diverged_at).
    diverged: (losses, limit = 1e6) => losses.findIndex((loss) => !(Math.abs(loss) < limit)),
    // A whole power, 1 for none and also of 0 (JavaScript's ** rounds another way than products).
    pow(v, n) {
      let product = 1;
      for (let k = 0; k < n; k += 1) product *= v;
      return product;
    },
    clip: (v, low, high) => Math.min(Math.max(v, low), high),
    // Linear between the points, constant beyond (numpy.interp).
    interp(x, xs, ys) {
      if (!(x > xs[0])) return ys[0];
      const k = xs.findIndex((v) => v >= x);
      if (k < 0) return ys[ys.length - 1];
      return ys[k - 1] + ((x - xs[k - 1]) * (ys[k] - ys[k - 1])) / (xs[k] - xs[k - 1]);
    },
  };

  // NumPy's generator PCG64 from a state and an increment (32 hexadecimal digits each), and its
  // normal numbers by the ziggurat: the same draws as default_rng(seed).standard_normal.
  help.normals = (state, increment, count) => {
    // 128 bits as six numbers of 24 bits, the lowest first.
    const limbs = (hex) => {
      const long = hex.padStart(36, "0");
      return Float64Array.from({ length: 6 }, (_, k) => parseInt(long.slice(30 - 6 * k, 36 - 6 * k), 16));
    };
    const [f0, f1, f2, f3, f4, f5] = limbs("2360ed051fc65da44385df649fccf645");
    const [i0, i1, i2, i3, i4, i5] = limbs(increment);
    const s = limbs(state);
    const [limb, over] = [16777216, 1 / 16777216];
    const words = new Float64Array(2); // the newest 64 bits: high, low
    // The next state; written out, since a page waits for hundreds of thousands of them.
    const advance = () => {
      const a0 = s[0], a1 = s[1], a2 = s[2], a3 = s[3], a4 = s[4];
      let sum = i0 + a0 * f0;
      let carry = Math.floor(sum * over);
      s[0] = sum - carry * limb;
      sum = i1 + carry + a0 * f1 + a1 * f0;
      carry = Math.floor(sum * over);
      s[1] = sum - carry * limb;
      sum = i2 + carry + a0 * f2 + a1 * f1 + a2 * f0;
      carry = Math.floor(sum * over);
      s[2] = sum - carry * limb;
      sum = i3 + carry + a0 * f3 + a1 * f2 + a2 * f1 + a3 * f0;
      carry = Math.floor(sum * over);
      s[3] = sum - carry * limb;
      sum = i4 + carry + a0 * f4 + a1 * f3 + a2 * f2 + a3 * f1 + a4 * f0;
      carry = Math.floor(sum * over);
      s[4] = sum - carry * limb;
      sum = i5 + carry + a0 * f5 + a1 * f4 + a2 * f3 + a3 * f2 + a4 * f1 + s[5] * f0;
      s[5] = (sum - Math.floor(sum * over) * limb) & 255;
      let a = (s[4] ^ (s[5] << 24) ^ (s[1] >>> 8) ^ (s[2] << 16)) >>> 0;
      let b = ((s[2] >>> 16) ^ (s[3] << 8) ^ s[0] ^ (s[1] << 24)) >>> 0;
      const turn = s[5] >>> 2; // the top six bits say how far the rest is turned to the right
      if (turn & 32) {
        const high = a;
        a = b;
        b = high;
      }
      const by = turn & 31;
      words[0] = by ? ((a >>> by) | (b << (32 - by))) >>> 0 : a;
      words[1] = by ? ((b >>> by) | (a << (32 - by))) >>> 0 : b;
    };
    const share = () => {
      advance();
      return (words[0] * 2097152 + (words[1] >>> 11)) / 2 ** 53;
    };
    const [edge, area] = [3.6541528853610088, 0.00492867323399];
    const { ki, wi, fi } = ziggurat(edge, area);
    const draw = () => {
      for (;;) {
        advance();
        const high = words[0];
        const low = words[1];
        const layer = low & 255;
        const negative = (low >>> 8) & 1;
        // Bits 9 to 60 of the word, 52 of them.
        const size = ((high >>> 9) & 0xfffff) * 4294967296 + (((low >>> 9) | (high << 23)) >>> 0);
        const x = size * wi[layer];
        if (size < ki[layer]) return negative ? -x : x;
        if (layer === 0) {
          for (;;) {
            const tail = -Math.log1p(-share()) / edge;
            const y = -Math.log1p(-share());
            if (y + y > tail * tail) return (low >>> 17) & 1 ? -(edge + tail) : edge + tail;
          }
        }
        if ((fi[layer - 1] - fi[layer]) * share() + fi[layer] < Math.exp(-0.5 * x * x)) return negative ? -x : x;
      }
    };
    const drawn = new Float64Array(count); // a plain loop: `from` takes twice as long
    for (let k = 0; k < count; k += 1) drawn[k] = draw();
    return drawn;
  };

  // The layers of the ziggurat under exp(-x²/2), 256 of one area.
  function ziggurat(edge, area) {
    const height = (x) => Math.exp(-0.5 * x * x);
    const ends = new Float64Array(256);
    ends[255] = edge;
    for (let k = 254; k > 0; k -= 1) {
      ends[k] = Math.sqrt(-2 * Math.log(area / ends[k + 1] + height(ends[k + 1])));
    }
    const base = area / height(edge);
    const size = 2 ** 52;
    const widths = Float64Array.from(ends, (x, k) => (k ? x : base));
    return {
      wi: widths.map((x) => x / size),
      ki: widths.map((x, k) => Math.floor(((k ? ends[k - 1] : edge) / x) * size)),
      fi: ends.map((x, k) => (k ? height(x) : 1)),
    };
  }

  // Surfaces of two variables: value, gradient and Hessian (lecture_utils/surfaces.py).
  help.surfaces = {
    bowl: {
      value: (x, y) => x ** 2 + 3 * y ** 2,
      slope: (x, y) => [2 * x, 6 * y],
      bend: () => [2, 0, 6],
    },
    doubleWell: {
      value: (x, y) => x ** 4 / 4 - x ** 2 / 2 + y ** 2 / 2,
      slope: (x, y) => [x ** 3 - x, y],
      bend: (x) => [3 * x ** 2 - 1, 0, 1],
    },
    himmelblau: {
      value: (x, y) => (x ** 2 + y - 11) ** 2 + (x + y ** 2 - 7) ** 2,
      slope: (x, y) => [
        4 * x * (x ** 2 + y - 11) + 2 * (x + y ** 2 - 7),
        2 * (x ** 2 + y - 11) + 4 * y * (x + y ** 2 - 7),
      ],
      bend: (x, y) => [12 * x ** 2 + 4 * y - 42, 4 * (x + y), 12 * y ** 2 + 4 * x - 26],
    },
    chain: {
      value: (x, y) => (1 - x * y) ** 2,
      slope: (x, y) => [-2 * y * (1 - x * y), -2 * x * (1 - x * y)],
      bend: (x, y) => [2 * y ** 2, 4 * x * y - 2, 2 * x ** 2],
    },
  };
  // Ascending eigenvalues of [[a, b], [b, c]], and the eigenvector of each, its largest entry > 0.
  help.eigh = (a, b, c) => {
    if (b === 0) {
      return a <= c ? { values: [a, c], vectors: [[1, 0], [0, 1]] }
        : { values: [c, a], vectors: [[0, 1], [1, 0]] };
    }
    const [middle, apart] = [(a + c) / 2, Math.hypot((a - c) / 2, b)];
    const turn = Math.atan2(2 * b, a - c) / 2; // of the larger one
    const [x, y] = [Math.cos(turn), Math.sin(turn)];
    const signed = (v) => {
      const big = Math.abs(v[0]) >= (1 - 1e-4) * Math.max(...v.map(Math.abs)) ? v[0] : v[1];
      return big < 0 ? [-v[0], -v[1]] : v;
    };
    return { values: [middle - apart, middle + apart], vectors: [signed([-y, x]), signed([x, y])] };
  };
  // The second-order test (critical_points.classify_critical_point).
  help.classify = (values, steepness = 0, limit = 1e-6) => {
    if (!(steepness <= limit)) return "not critical";
    const zero = 32 * Number.EPSILON * Math.max(...values.map(Math.abs));
    const [up, down] = [values.some((v) => v > zero), values.some((v) => v < -zero)];
    if (up && down) return "saddle";
    if (values.some((v) => Math.abs(v) <= zero)) return "degenerate";
    return down ? "maximum" : "minimum";
  };

  // --- painting ------------------------------------------------------------------------------------------

  const pictures = new Map();
  function pictureOf(url, then) {
    if (!pictures.has(url)) {
      const image = new Image();
      image.src = url;
      pictures.set(url, image);
    }
    const image = pictures.get(url);
    if (!image.complete) image.addEventListener("load", then, { once: true });
    return image;
  }

  function trace(context, x, y, closed) {
    let pen = false;
    let start = 0;
    for (let k = 0; k < x.length; k += 1) {
      if (Number.isNaN(x[k]) || Number.isNaN(y[k])) {
        pen = false;
        continue;
      }
      if (pen) {
        if (closed && x[k] === x[start] && y[k] === y[start]) context.closePath();
        else context.lineTo(x[k], y[k]);
      } else {
        context.moveTo(x[k], y[k]);
        start = k;
      }
      pen = true;
    }
  }

  function pen(context, style) {
    if (style.fill) context.fillStyle = style.fill;
    if (!style.stroke) return;
    context.strokeStyle = style.stroke;
    context.lineWidth = style.width;
    context.lineCap = style.cap ?? "butt";
    context.lineJoin = style.join ?? "miter";
    context.setLineDash(style.dash ?? []);
    context.lineDashOffset = style.offset ?? 0;
  }

  const PAINTERS = {
    path(context, { style, x, y }) {
      context.beginPath();
      trace(context, x, y, style.closed);
      if (style.fill) context.fill();
      if (style.stroke) context.stroke();
    },
    markers(context, { style, x, y }) {
      const across = style.marker.map((place) => (place ? place[0] : NaN));
      const up = style.marker.map((place) => (place ? place[1] : NaN));
      for (let k = 0; k < x.length; k += 1) {
        if (Number.isNaN(x[k]) || Number.isNaN(y[k])) continue;
        context.beginPath();
        trace(context, across.map((a) => a + x[k]), up.map((b) => b + y[k]), style.closed);
        if (style.fill) context.fill();
        if (style.stroke) context.stroke();
      }
    },
    text(context, { style, x, y, text }) {
      context.font = `${style.weight ?? "normal"} ${style.size}px ${FONT}`;
      context.textAlign = style.align ?? "left";
      context.textBaseline = "alphabetic";
      if (style.outline) {
        [context.strokeStyle, context.lineWidth] = style.outline;
        context.lineJoin = "round";
        context.setLineDash([]);
        context.strokeText(text, x[0], y[0]);
      }
      context.fillStyle = style.color;
      context.fillText(text, x[0], y[0]);
    },
    image(context, { x, y, text, picture }, again) {
      const image = picture ?? pictureOf(text, again);
      if (image.complete === false) return;
      context.imageSmoothingEnabled = false;
      context.drawImage(image, x[0], y[0], x[1] - x[0], y[1] - y[0]);
    },
  };

  function paintOperation(context, operation, again) {
    if (!operation) return;
    context.save();
    const { clip } = operation.style;
    if (clip) {
      context.beginPath();
      context.rect(clip[0], clip[1], clip[2] - clip[0], clip[3] - clip[1]);
      context.clip();
    }
    pen(context, operation.style);
    PAINTERS[operation.kind](context, operation, again);
    context.restore();
  }

  // A state between two: vertices move where there are as many, all else is the new state's.
  function between(old, now, share) {
    if (!old || !now || old.kind !== now.kind || old === now || now.kind === "image") return now;
    if (old.x.length !== now.x.length || old.y.length !== now.y.length) return now;
    const mix = (a, b) => (a === b ? b : b.map((v, k) => (Number.isNaN(a[k]) ? v : a[k] + share * (v - a[k]))));
    return { ...now, x: mix(old.x, now.x), y: mix(old.y, now.y) };
  }

  // Where a curve over x is at this x, in pixels; NaN for a path that is none, or is not there.
  function heightAt({ kind, style, x, y }, at) {
    if (kind !== "path" || !style.stroke || style.closed || x.length < GRAPH) return NaN;
    let found = NaN;
    for (let k = 1; k < x.length; k += 1) {
      if (x[k] < x[k - 1]) return NaN; // it turns back
      if (x[k - 1] <= at && at <= x[k]) {
        const share = x[k] > x[k - 1] ? (at - x[k - 1]) / (x[k] - x[k - 1]) : 0;
        found = y[k - 1] + share * (y[k] - y[k - 1]);
      }
    }
    return found;
  }

  // --- the explorer on the page ------------------------------------------------------------------------------

  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name in element && name !== "list") element[name] = value;
      else element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };

  // The rows of controls; toggles that follow one another are of one kind and stay together.
  function grouped(controls) {
    const rows = [];
    let group = null;
    for (const [{ kind }, row] of controls) {
      if (kind !== "Toggle") group = null;
      else if (!group) rows.push(group = make("div", { className: "lu-toggles" }));
      if (group) group.append(row);
      else rows.push(row);
    }
    return rows;
  }

  let serial = 0;

  class Show {
    constructor(figure, name, data, source) {
      Object.assign(this, { figure, name, data });
      this.model = source ? new Twin(data, source) : new Recorded(data);
      this.backs = (data.twin ?? data.recorded).backs;
      this.axes = this.backs.axes.map((all) => all.map(makeAxes));
      this.values = structuredClone(data.initial);
      this.active = 0;
      this.past = []; // what can be taken back: values, and whether the goal was reached
      this.future = []; // what was taken back and can be done again
      this.ghost = null; // the values of the run before the last move
      this.comparing = true;
      this.reached = Boolean(window.luReached?.(name)); // what the page remembers
      this.build();
      this.listen();
      this.set(this.fromAddress() ?? {}, { quiet: true });
    }

    axesOf = (pointName) => {
      const point = this.data.points.find((p) => p.name === pointName);
      return point && this.axes[this.frame?.back ?? 0][point.axes];
    };

    // --- parts of the page

    build() {
      const { data } = this;
      this.id = `lu-${(serial += 1)}`;
      this.goalLine = make("p", { className: "lu-goal", "aria-live": "polite" });
      this.rows = make("div", { className: "lu-controls" });
      this.lead = make("div", { className: "lu-lead" });
      this.inputs = {};
      this.controls = []; // [what is told of it, its row], in order
      this.later = []; // [row, switch]: what matters only while the switch is on
      for (const control of data.controls) {
        const row = this.control(control);
        if (this.alone(control)) continue;
        this.controls.push([control, row]);
        if (control.with) this.later.push([row, control.with]);
      }
      this.canvas = make("canvas", { className: "lu-canvas" });
      this.reachedLine = make("p", { className: "lu-reached", "aria-live": "polite" });
      this.told = make("p", { className: "lu-tell", "aria-live": "polite" });
      this.status = make("p", { className: "lu-status", role: "alert" });
      const [width] = data.size;
      this.stage = make("div", { className: "lu-stage" }, this.canvas);
      this.stage.style.maxWidth = `${width}px`;
      this.value = make("div", { className: "lu-value", hidden: true, ariaHidden: "true" });
      this.computing = make("div", { className: "lu-computing", hidden: true }, "computing…");
      this.slides = make("p", { className: "lu-slides", hidden: true },
        "The picture is wider than its place: slide it sideways.");
      this.view = make("div", { className: "lu-view" });
      this.noteLine = make("p", { className: "lu-note" }, this.note());
      [this.buttonRow, this.historyRow] = this.buttons();
      const image = this.figure.querySelector("img");
      const body = this.body = make("div", { className: "lu-body", role: "group" });
      body.setAttribute("aria-label", `Explorer: ${data.title}`);
      this.order();
      narrow.addEventListener("change", () => this.order());
      if (image) image.replaceWith(body);
      else this.figure.append(body);
      this.context = this.canvas.getContext("2d");
      const answers = data.points.length > 0;
      this.canvas.setAttribute("role", answers ? "application" : "img");
      const help = !answers ? "" : " Arrow keys move the point, with Shift in finer steps." +
        (data.points.length > 1 ? " The space bar passes on to the next point." : "");
      this.canvas.setAttribute("aria-label", data.alt + help);
      if (answers) {
        this.canvas.tabIndex = 0;
        this.canvas.classList.add("lu-answers");
      }
    }

    // The parts one after another.  Below the picture stands at once what it says, and after that what
    // takes moves back.  On a telephone the picture comes first, and below its sentence what plays it
    // or, where nothing plays, its few controls (of many the first and what is pressed).  What is seen
    // first is also first to the keyboard and to a reader that speaks.
    order() {
      const focused = document.activeElement;
      const small = narrow.matches;
      const { player } = this.data;
      const [first] = this.controls;
      const leads = (one) => small && (player ? one[0].name === player.clock
        : one === first || one[0].kind === "Press" || this.controls.length <= FEW);
      const played = player ? [this.playButton, this.stepButton] : [];
      this.body.classList.toggle("lu-small", small);
      this.rows.replaceChildren(...grouped(this.controls.filter((one) => !leads(one))));
      this.lead.replaceChildren(...(small ? played : []), ...this.controls.filter(leads).map(([, row]) => row));
      if (!small) this.buttonRow.prepend(...played);
      const { goalLine, rows, buttonRow, view, reachedLine, told, status, historyRow, noteLine } = this;
      const seen = [this.slides, this.stage, ...(small ? [told] : []), this.lead, this.value, this.computing];
      view.replaceChildren(...seen);
      this.body.append(...(small ? [goalLine, view, reachedLine, status, rows, buttonRow, historyRow, noteLine]
        : [goalLine, rows, buttonRow, view, told, reachedLine, status, historyRow, noteLine]));
      if (this.body.contains(focused)) focused.focus({ preventScroll: true });
    }

    note() {
      const { data } = this;
      const parts = [];
      if (data.recorded) {
        parts.push("This picture was recorded: controls and points go to the nearest recorded " +
          "value. In the notebook they take every value.");
      } else if (this.model.notes) parts.push(this.model.notes);
      const fixed = data.controls.filter((control) => this.alone(control))
        .map(({ name, label }) => `${label} (here ${this.model.dim(name).values[0]})`);
      if (fixed.length) parts.push(`${parts.length ? "There" : "In the notebook"} you also choose ${fixed.join(" and ")}.`);
      if (data.lacks) parts.push(data.lacks);
      if (data.points.length && coarse.matches) {
        parts.push("Tap where the point is to go, or drag it; a swipe beside it scrolls the page.");
      }
      return parts.join(" ");
    }

    // A slider of which one value was recorded has nothing to choose.
    alone({ name, kind }) {
      return /Slider|Integer|Pick/.test(kind) && this.model.dim?.(name)?.values.length === 1;
    }

    control(told) {
      const { name, kind, label } = told;
      const id = `${this.id}-${name.replace(/\W/g, "-")}`;
      if (kind === "Press") {
        const button = make("button", { type: "button", className: "lu-press" }, label);
        button.addEventListener("click", () => {
          const members = this.data.groups[told.takes];
          this.set({ [name]: members ? members.map((m) => this.values[m]) : this.values[told.takes] });
        });
        this.inputs[name] = { put() {} };
        return button;
      }
      if (kind === "Switch") {
        const box = make("input", { type: "checkbox", id });
        box.addEventListener("change", () => this.set({ [name]: box.checked }));
        this.inputs[name] = { put: (value) => { box.checked = value; } };
        return make("div", { className: "lu-control lu-switch" }, box, make("label", { htmlFor: id }, label));
      }
      if (kind === "Toggle") {
        const button = make("button", { type: "button", className: "lu-toggle" }, label);
        button.addEventListener("click", () => this.set({ [name]: !this.values[name] }));
        this.inputs[name] = { put: (value) => button.setAttribute("aria-pressed", String(value)) };
        return button;
      }
      if (kind === "Choice") {
        const list = make("select", { id });
        told.options.forEach((option, k) => list.append(make("option", { value: String(k) }, optionText(option))));
        list.addEventListener("change", () => {
          this.set({ [name]: told.options[Number(list.value)] }, { pressed: true });
        });
        this.inputs[name] = { put: (value) => { list.value = String(told.options.indexOf(value)); } };
        return make("div", { className: "lu-control lu-choice" }, make("label", { htmlFor: id }, label), list);
      }
      return this.slider(told, id);
    }

    // A slider's own number is the place on its track: a value, an exponent, or which one of several.
    slider(told, id) {
      const { name, kind, label } = told;
      const dim = this.model.dim?.(name);
      const options = dim?.values ?? told.options; // undefined for a slider with all its values
      const input = make("input", { type: "range", id });
      const output = make("output", { htmlFor: id });
      let there = (value) => value;
      let back = (place) => place;
      if (options) {
        [input.min, input.max, input.step] = [0, options.length - 1, 1];
        there = (value) => options.indexOf(value);
        back = (place) => options[place];
      } else {
        [input.min, input.max, input.step] = [told.low, told.high, told.step];
        if (kind === "LogSlider") {
          there = Math.log10;
          back = (place) => 10 ** place;
        }
      }
      const write = (value) => {
        let text = kind === "Pick" ? String(value) : shown(fmt(value, told.format));
        const base = /^log(₁₀|₂) /.exec(label); // an exponent is told with what it stands for
        if (base) text += ` (${typeset(fmt((base[1] === "₂" ? 2 : 10) ** value, ".3g"))})`;
        output.textContent = text;
        input.setAttribute("aria-valuetext", text);
      };
      input.addEventListener("input", () => this.set({ [name]: back(Number(input.value)) }));
      this.inputs[name] = {
        put(value) {
          const place = String(there(value));
          if (input.value !== place) input.value = place;
          write(value);
        },
      };
      return make("div", { className: "lu-control lu-slider" },
        make("label", { htmlFor: id }, label), input, output);
    }

    buttons() {
      let row = make("div", { className: "lu-buttons" });
      const played = row;
      const add = (text, action, attributes = {}) => {
        const button = make("button", { type: "button", ...attributes }, text);
        button.addEventListener("click", action);
        row.append(button);
        return button;
      };
      if (this.data.player) {
        this.playButton = add("▶ Play", () => this.play(!this.playing), { className: "lu-play" });
        this.stepButton = add(STEP, () => {
          this.play(false);
          const { name, low, high } = this.clock();
          if (this.values[name] >= high) this.set({ [name]: low }); // as Play does
          else this.advance(1);
        }, { className: "lu-step" });
      }
      for (const [label, values] of Object.entries(this.data.presets)) {
        add(label, () => {
          this.play(false);
          this.lastNames = ""; // a move of its own
          this.set(values, { pressed: true });
        });
      }
      row = make("div", { className: "lu-buttons lu-history" });
      this.undoButton = add("Undo", () => this.undo(), {
        className: "lu-undo", title: "take the last move back (Ctrl+Z)", disabled: true,
      });
      this.redoButton = add("Redo", () => this.redo(), {
        className: "lu-redo", title: "do again what was taken back (Ctrl+Shift+Z)", disabled: true,
      });
      add("Reset", () => {
        this.play(false);
        this.noteMove();
        this.set(structuredClone(this.data.initial), { noted: true });
        this.ghost = null;
        this.renew();
      }, { className: "lu-reset" });
      const copy = add("Copy link", async () => {
        this.writeAddress();
        const done = await copied(location.href);
        copy.textContent = done ? "Copied" : "See the address bar";
        setTimeout(() => { copy.textContent = "Copy link"; }, 1500);
      }, { className: "lu-copy" });
      if (this.data.run) {
        const box = make("input", { type: "checkbox", checked: true, id: `${this.id}-compare` });
        box.addEventListener("change", () => {
          this.comparing = box.checked;
          this.update();
        });
        row.append(make("div", { className: "lu-control lu-switch" }, box,
          make("label", { htmlFor: box.id }, "last run, paler")));
      }
      return [played, row];
    }

    // --- values

    set(changes, { quiet = false, noted = false, pressed = false } = {}) {
      let values = this.model.snap({ ...this.values, ...changes }, this.axesOf);
      if (this.frame && !quiet && (noted || this.begins(values))) {
        const { run } = this.data;
        if (run?.some((name) => !same(values[name], this.values[name]))) this.ghost = this.values;
      }
      if (this.model.follow && this.frame) {
        const changed = new Set(Object.keys(values).filter((n) =>
          JSON.stringify(values[n]) !== JSON.stringify(this.values[n])));
        if (changed.size) {
          values = { ...values, ...this.model.follow(changed, values, new Set(Object.keys(changes))) };
        }
      }
      this.values = values;
      this.renew(pressed);
      if (!quiet) this.noteAddress();
    }

    // The picture of the values; what takes long, or may after a press, begins when the page has shown
    // that it computes (the sign itself waits until somebody would ask: recorded.css).
    renew(pressed = false) {
      const { model } = this;
      const waits = this.frame && model.knows && !model.knows(this.values) && (pressed || model.cost > SLOW);
      if (!waits) {
        this.update();
        return;
      }
      for (const [name, input] of Object.entries(this.inputs)) input.put(this.values[name]);
      this.computing.hidden = false;
      this.coming ??= requestAnimationFrame(() => setTimeout(() => {
        if (this.coming) this.update();
      }));
    }

    // Whether a move begins with these values: what goes on soon, or by the same hand, is the same one.
    begins(values) {
      const names = Object.keys(values).filter((n) => !same(values[n], this.values[n])).join();
      if (!names) return false;
      const now = performance.now();
      const soon = this.hand || this.lastHand ? this.hand === this.lastHand : now - this.lastMove < PAUSE;
      const goesOn = this.past.length && names === this.lastNames && soon;
      if (!goesOn) this.noteMove();
      Object.assign(this, { lastNames: names, lastMove: now, lastHand: this.hand });
      return !goesOn;
    }

    now() {
      return { values: structuredClone(this.values), reached: this.reached };
    }

    noteMove() {
      this.lastNames = "";
      this.future = []; // a move of one's own leaves what was taken back
      this.past.push(this.now());
      if (this.past.length > MOST_MOVES) this.past.shift();
    }

    undo() {
      this.goTo(this.past, this.future);
    }

    redo() {
      this.goTo(this.future, this.past);
    }

    goTo(from, to) {
      const found = from.pop();
      if (!found) return;
      this.play(false);
      to.push(this.now());
      this.lastNames = "";
      this.reached ||= found.reached;
      this.set(found.values, { noted: true });
    }

    // The run before the last move, at what else is shown now; null where there is none to compare.
    ghosts() {
      const { run } = this.data;
      if (!this.ghost || !this.comparing || run.every((n) => same(this.ghost[n], this.values[n]))) return null;
      const then = Object.fromEntries(run.map((name) => [name, this.ghost[name]]));
      return this.model.frame({ ...this.values, ...then });
    }

    update() {
      this.coming = undefined;
      let frame;
      try {
        const then = this.ghosts(); // first: a twin's artists then are as they are now
        frame = this.model.frame(this.values);
        const lines = then?.back === frame.back ? then.operations : [];
        this.pale = lines.filter((operation) => operation?.ghost);
        this.status.textContent = "";
      } catch (error) {
        this.status.textContent = `This does not work here: ${error.message}. Press Reset.`;
        return;
      } finally {
        this.computing.hidden = true;
      }
      const tween = this.model.tweens && this.frame && !this.playing && !calm.matches;
      this.old = tween ? this.mixed ?? this.frame.operations : null;
      this.begun = performance.now();
      this.frame = frame;
      pictureOf(this.backs.pictures[frame.back], () => {}); // it is decoded until it is painted
      this.undoButton.disabled = !this.past.length;
      this.redoButton.disabled = !this.future.length;
      for (const [name, input] of Object.entries(this.inputs)) input.put(this.values[name]);
      for (const [row, name] of this.later) row.hidden = !this.values[name];
      this.showTell();
      this.showGoal(frame.goal);
      this.ask();
    }

    // The sentence; a film that rests at its start says that it waits to be played.
    showTell() {
      const begins = this.showClock();
      const tell = typeset(this.frame.tell) + (begins ? ` <b class="lu-begin">${BEGIN}</b>` : "");
      if (this.shownTell === tell) return;
      this.told.innerHTML = tell;
      this.shownTell = tell;
      this.keepTall();
    }

    // What stands below the sentence does not jump: its place only grows, until the width is another.
    keepTall() {
      const wide = this.stage.clientWidth;
      if (wide !== this.wide) this.told.style.minHeight = "";
      this.wide = wide;
      this.told.style.minHeight = `${this.told.clientHeight}px`;
    }

    // The buttons of a film, by where it is; whether it rests at its start.
    showClock() {
      if (!this.data.player) return false;
      const { name, low, high } = this.clock();
      const begins = !this.playing && this.values[name] <= low;
      this.playButton.classList.toggle("lu-waits", begins);
      this.stepButton.textContent = this.values[name] >= high ? AGAIN : STEP;
      return begins;
    }

    // A film that runs past what is looked for has not found it; where it stops, it counts.
    judges() {
      return !this.playing || this.values[this.data.player.clock] >= this.clock().high;
    }

    // What is reached stands below the picture: above it, it would move the controls that reached it.
    showGoal(found) {
      const goal = this.judges() ? found : "";
      if (goal && !this.reached) {
        this.reached = true;
        const detail = { name: this.name, reached: goal };
        this.figure.dispatchEvent(new CustomEvent("lu-goal", { bubbles: true, detail }));
      }
      const where = this.data.elsewhere ? ", in the notebook" : "";
      const line = `<b>${this.reached ? "✔ " : ""}Goal${where}:</b> ${this.data.aim}`;
      if (this.goalLine.innerHTML !== line) this.goalLine.innerHTML = line;
      const reached = goal ? `✔ <b>Reached:</b> ${typeset(goal)}` : this.reached ? "✔ Reached before." : "";
      if (this.reachedLine.innerHTML !== reached) this.reachedLine.innerHTML = reached;
    }

    // --- the address: #NAME?control=value&point=x,y

    fromAddress() {
      const [name, query] = decodeURI(location.hash.slice(1)).split("?");
      if (name !== this.name || !query) return null;
      const values = {};
      for (const [key, text] of new URLSearchParams(query)) {
        const control = this.data.controls.find((c) => c.name === key);
        const point = this.data.points.find((p) => p.name === key);
        if (point && !point.x && !point.y) {
          const found = text.split(",").map(Number);
          if (found.length === 2 && found.every(Number.isFinite)) values[key] = found;
        } else if (control?.options) {
          const option = control.options.find((o) => String(o) === text);
          if (option !== undefined) values[key] = option;
        } else if (control && typeof control.value === "boolean") values[key] = text === "1";
        else if (control && control.kind !== "Press" && Number.isFinite(Number(text))) {
          const [low, high] = control.kind === "LogSlider" ? [10 ** control.low, 10 ** control.high]
            : [control.low, control.high];
          values[key] = Math.min(Math.max(Number(text), low), high);
        }
      }
      return values;
    }

    noteAddress() {
      clearTimeout(this.noting);
      this.noting = setTimeout(() => this.writeAddress(), 300);
    }

    writeAddress() {
      clearTimeout(this.noting);
      const query = new URLSearchParams();
      const digits = (v) => String(Number(v.toPrecision(8)));
      for (const [name, value] of Object.entries(this.values)) {
        const control = this.data.controls.find((c) => c.name === name);
        if (control?.kind === "Press" || JSON.stringify(value) === JSON.stringify(this.data.initial[name])) continue;
        if (Array.isArray(value)) query.set(name, value.map(digits).join(","));
        else if (typeof value === "boolean" && !control?.options) query.set(name, value ? "1" : "0");
        else query.set(name, typeof value === "number" ? digits(value) : String(value));
      }
      const text = query.toString().replaceAll("%2C", ",");
      history.replaceState(history.state, "", `#${this.name}?${text}`);
    }

    // --- playing

    play(on) {
      if (!this.data.player || on === Boolean(this.playing)) return;
      this.playing = on;
      this.playButton.textContent = on ? "‖ Pause" : "▶ Play";
      this.told.setAttribute("aria-live", on ? "off" : "polite"); // no ear follows thirty a second
      this.showTell();
      if (!on) {
        this.showGoal(this.frame.goal);
        return;
      }
      const { low, high } = this.clock();
      if (this.values[this.data.player.clock] >= high) this.set({ [this.data.player.clock]: low });
      this.ticked = performance.now();
      this.due = 0;
      const tick = (now) => {
        if (!this.playing) return;
        const { speed } = this.data.player;
        const pace = typeof speed === "string" ? this.values[speed] : speed;
        this.due += Math.min(Math.max(now - this.ticked, 0) / 1000, LONGEST) * pace;
        this.ticked = now;
        const steps = Math.floor(this.due);
        this.due -= steps;
        if (steps) this.advance(steps);
        requestAnimationFrame(tick);
      };
      requestAnimationFrame(tick);
    }

    clock() {
      return this.data.controls.find((c) => c.name === this.data.player.clock);
    }

    advance(steps) {
      const { name, high } = this.clock();
      this.set({ [name]: Math.min(this.values[name] + steps, high) });
      if (this.values[name] >= high) this.play(false);
    }

    // --- painting

    ask() {
      this.asked ??= requestAnimationFrame((now) => {
        this.asked = undefined;
        this.paint(now);
      });
    }

    // Pixels of the smallest letters of the full picture.
    letters() {
      const sizes = this.frame.operations.filter((one) => one?.kind === "text").map((one) => one.style.size);
      return Math.min(LETTERS, ...sizes);
    }

    // Pixels of the page that a telephone leaves the picture beside the goal and what plays it.
    room() {
      if (!narrow.matches) return Infinity;
      const { scrollPaddingTop } = getComputedStyle(document.documentElement);
      const above = (Number.parseFloat(scrollPaddingTop) || 0) + this.goalLine.offsetHeight + SENTENCE;
      return document.documentElement.clientHeight - above - this.lead.offsetHeight - 24;
    }

    arrange() {
      const wide = this.stage.clientWidth || this.data.size[0];
      const found = arranged(this.data.size, this.data.panels, wide, this.letters(), this.room());
      const { views, width, height, scale } = found;
      Object.assign(this, { views, scale });
      const pans = width * scale > wide + 1;
      if (this.pans !== pans) {
        this.pans = pans;
        this.slides.hidden = !pans;
      }
      if (!this.data.points.length) this.stage.tabIndex = this.pans ? 0 : -1;
      const dense = window.devicePixelRatio || 1;
      const [across, down] = [width * scale, height * scale];
      const pixels = [Math.round(across * dense), Math.round(down * dense)];
      if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) {
        [this.canvas.width, this.canvas.height] = pixels;
        this.canvas.style.width = `${across}px`;
        this.canvas.style.height = `${down}px`;
        this.stage.scrollLeft = (width * scale - wide) / 2; // its middle first
      }
      if (wide !== this.wide) this.keepTall();
      this.showEdges();
      this.dense = dense;
    }

    // Where a picture that slides goes on beyond its place, it fades.
    showEdges() {
      const { scrollLeft, scrollWidth, clientWidth, classList } = this.stage;
      classList.toggle("lu-before", scrollLeft > 1);
      classList.toggle("lu-after", scrollLeft + clientWidth < scrollWidth - 1);
    }

    paint(now) {
      const { context, frame } = this;
      if (!frame) return;
      this.arrange();
      const again = () => this.ask();
      const back = pictureOf(this.backs.pictures[frame.back], again);
      if (!back.complete) return;
      const share = this.old ? Math.min((now - this.begun) / TWEEN, 1) : 1;
      let { operations } = frame;
      if (share < 1) {
        operations = operations.map((operation, k) => between(this.old[k], operation, Math.max(share, 0)));
      }
      this.mixed = share < 1 ? operations : null;
      const [width, height] = this.data.size;
      const s = this.scale * this.dense;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, this.canvas.width, this.canvas.height);
      for (const { from, to, left, top } of this.views) {
        context.save();
        context.setTransform(s, 0, 0, s, (left - from) * s, top * s);
        context.beginPath();
        context.rect(from, 0, to - from, height);
        context.clip();
        context.imageSmoothingEnabled = true;
        context.imageSmoothingQuality = "high";
        context.drawImage(back, 0, 0, width, height);
        const first = operations.findIndex((operation) => operation?.ghost);
        operations.forEach((operation, k) => {
          if (k === first) {
            context.globalAlpha = PALE;
            for (const pale of this.pale) paintOperation(context, pale, again);
            context.globalAlpha = 1;
          }
          paintOperation(context, operation, again);
        });
        context.restore();
      }
      const before = Number(this.canvas.dataset.frame ?? 0);
      this.canvas.dataset.frame = String(before + 1);
      if (!before) this.figure.dispatchEvent(new CustomEvent("lu-alive", { bubbles: true }));
      if (share < 1) this.ask();
      else this.old = null;
    }

    // --- the hand

    // Pixels of the picture, from those of the window.
    place(event) {
      const box = this.canvas.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * (this.canvas.width / this.dense / this.scale);
      const y = ((event.clientY - box.top) / box.height) * (this.canvas.height / this.dense / this.scale);
      const view = this.views.findLast(({ left, top }) => y >= top && x >= left)
        ?? this.views.find(({ top }) => y >= top) ?? this.views[0];
      return [x - view.left + view.from, y - view.top];
    }

    // Beside a mouse over a curve that moves: the curve's place there, in the numbers of its axes.
    tellValue(event) {
      const [px, py] = this.place(event);
      const axes = this.axes[this.frame.back].find(({ box }) => px >= box[0] && px <= box[2] && py >= box[1] && py <= box[3]);
      const heights = axes ? this.frame.operations.map((one) => (one ? heightAt(one, px) : NaN)) : [];
      const near = heights.filter((h) => Math.abs(h - py) < REACH && h >= axes.box[1] && h <= axes.box[3])
        .sort((a, b) => Math.abs(a - py) - Math.abs(b - py));
      this.value.hidden = !near.length;
      if (!near.length) return;
      const short = (v) => typeset(shown(`${v < 0 ? "-" : ""}${general(Math.abs(v), 3)}`));
      this.value.textContent = `(${short(axes.x.value(px))}, ${short(axes.y.value(near[0]))})`;
      const box = this.view.getBoundingClientRect();
      const left = Math.min(event.clientX - box.left + 14, box.width - this.value.offsetWidth - 4);
      this.value.style.left = `${left}px`;
      this.value.style.top = `${Math.max(event.clientY - box.top - 34, 0)}px`;
    }

    pointPlace(point) {
      const axes = this.axes[this.frame.back][point.axes];
      const found = this.frame.places[point.name];
      if (found && !this.frame.inData) return found;
      const [x, y] = found ?? this.values[point.name];
      return [axes.x.pixel(x), axes.y.pixel(y)];
    }

    pointAt([x, y]) {
      const here = this.data.points
        .map((point, k) => ({ point, k, box: this.axes[this.frame.back][point.axes].box }))
        .filter(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]);
      const away = ({ point }) => {
        const [px, py] = this.pointPlace(point);
        return Math.hypot(px - x, py - y);
      };
      return here.reduce((best, one) => (!best || away(one) < away(best) ? one : best), null);
    }

    move(k, [px, py]) {
      this.active = k;
      const point = this.data.points[k];
      const axes = this.axes[this.frame.back][point.axes];
      const [x, y] = [axes.x.value(px), axes.y.value(py)];
      if (!point.x && !point.y) {
        this.set({ [point.name]: [x, y] });
        return;
      }
      const changes = {};
      if (point.x) changes[point.x] = this.nearest(point.x, x);
      if (point.y) changes[point.y] = this.nearest(point.y, y);
      this.set(changes);
    }

    nearest(name, value) {
      const dim = this.model.dim?.(name);
      if (dim) return dim.values[this.model.nearest(dim, value)];
      const { low, high, step } = this.data.controls.find((c) => c.name === name);
      const inside = Math.min(Math.max(value, low), high);
      return Number((low + Math.round((inside - low) / step) * step).toPrecision(12));
    }

    listen() {
      const { canvas } = this;
      let drag = null;
      let tap = null; // a finger beside the point: it may be about to scroll
      const beside = (found, spot) => {
        const [x, y] = this.pointPlace(found.point);
        return Math.hypot(x - spot[0], y - spot[1]) * this.scale > FINGER;
      };
      const move = (event) => {
        this.hand = drag;
        this.move(drag.k, this.place(event));
        this.hand = null;
      };
      this.body.addEventListener("keydown", (event) => {
        if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
        const key = event.key.toLowerCase();
        if (key === "z" && !event.shiftKey) this.undo();
        else if (key === "z" || (key === "y" && !event.shiftKey)) this.redo();
        else return;
        event.preventDefault();
      });
      canvas.addEventListener("pointerdown", (event) => {
        const found = event.button === 0 && this.views ? this.pointAt(this.place(event)) : null;
        if (!found) return;
        if (event.pointerType === "touch" && beside(found, this.place(event))) {
          tap = { ...found, from: [event.clientX, event.clientY] };
          return;
        }
        event.preventDefault();
        canvas.focus({ preventScroll: true });
        if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
        drag = found;
        move(event);
      });
      canvas.addEventListener("pointermove", (event) => {
        if (drag || event.pointerType === "touch" || !this.views) this.value.hidden = true;
        else this.tellValue(event);
        if (tap && Math.hypot(event.clientX - tap.from[0], event.clientY - tap.from[1]) > STILL) tap = null;
        if (drag) move(event);
        else if (this.views) canvas.style.cursor = this.pointAt(this.place(event)) ? "crosshair" : "default";
      });
      canvas.addEventListener("pointerup", (event) => {
        drag = tap;
        if (tap) move(event);
        [drag, tap] = [null, null];
      });
      canvas.addEventListener("pointerleave", () => { this.value.hidden = true; });
      canvas.addEventListener("pointercancel", () => { [drag, tap] = [null, null]; });
      // A finger that takes the point drags it; elsewhere it scrolls the page, or a picture that is
      // wider than its place, and a tap moves the point there.
      canvas.addEventListener("touchstart", (event) => {
        if (event.touches.length !== 1 || !this.views) return;
        const spot = this.place(event.touches[0]);
        const found = this.pointAt(spot);
        if (found && !beside(found, spot)) event.preventDefault();
      }, { passive: false });
      canvas.addEventListener("keydown", (event) => {
        const { points } = this.data;
        if (event.ctrlKey || event.altKey || event.metaKey || !points.length) return;
        if (event.key === " " && points.length > 1) {
          event.preventDefault();
          this.active = (this.active + 1) % points.length;
          return;
        }
        const way = ARROWS[event.key];
        if (!way) return;
        event.preventDefault();
        this.step(way, event.shiftKey ? FINE : 1);
      });
      this.stage.addEventListener("scroll", () => this.showEdges(), { passive: true });
      new ResizeObserver(() => this.ask()).observe(this.stage);
      window.addEventListener("hashchange", () => {
        const values = this.fromAddress();
        if (!values) return;
        this.ghost = null;
        this.set({ ...structuredClone(this.data.initial), ...values }, { quiet: true });
      });
    }

    // An arrow key: so far along the axes; with recorded values at least to the next one.
    step(way, size) {
      const point = this.data.points[this.active];
      const { box } = this.axes[this.frame.back][point.axes];
      const [px, py] = this.pointPlace(point);
      const before = JSON.stringify(this.values);
      for (let times = 1; times <= 40; times += 1) {
        this.move(this.active, [
          px + way[0] * size * times * point.step[0] * (box[2] - box[0]),
          py - way[1] * size * times * point.step[1] * (box[3] - box[1]),
        ]);
        if (JSON.stringify(this.values) !== before || !this.model.tweens) return;
      }
    }
  }

  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const optionText = (option) => (option === true ? "yes" : option === false ? "no" : String(option));

  async function copied(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return false;
    }
  }

  // --- figures come alive when they are near ------------------------------------------------------------------

  const waiting = new Map();

  window.luExplorer = (name, data, source) => {
    for (const figure of waiting.get(name) ?? []) {
      figure.luShow = new Show(figure, name, data, source);
      const named = decodeURI(location.hash.slice(1)).split("?")[0] === name;
      if (named && !window.luPlaced) figure.scrollIntoView(); // else the page is where it was left
    }
    waiting.delete(name);
  };
  window.luHelp = help;
  window.luParts = { Twin, Recorded, vertices }; // for tests

  function load(figure) {
    const name = figure.dataset.explorer;
    if (figure.luLoading) return;
    figure.luLoading = true;
    const others = waiting.get(name);
    waiting.set(name, [...(others ?? []), figure]);
    if (others) return;
    const still = figure.querySelector("img")?.getAttribute("src") ?? `${name}.webp`;
    const script = document.createElement("script");
    script.src = figure.dataset.script ?? still.replace(/\.webp([?#].*)?$/, ".js");
    document.head.append(script);
  }

  function begin() {
    const named = () => decodeURI(location.hash.slice(1)).split("?")[0];
    const figures = [...document.querySelectorAll("figure.lu-explorer[data-explorer]")];
    const watcher = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (entry.isIntersecting) {
          watcher.unobserve(entry.target);
          load(entry.target);
        }
      }
    }, { rootMargin: NEAR });
    const inView = (figure) => {
      const { width, top, bottom } = figure.getBoundingClientRect();
      return width > 0 && bottom > 0 && top < window.innerHeight;
    };
    const wanted = (figure) => figure.dataset.explorer === named() || inView(figure);
    for (const figure of figures.filter(wanted)) load(figure); // now, not after the next frame
    for (const figure of figures.filter((one) => !one.luLoading)) watcher.observe(figure);
    window.addEventListener("hashchange", () => {
      const figure = figures.find((one) => one.dataset.explorer === named());
      if (figure) {
        load(figure);
        figure.scrollIntoView();
      }
    });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
