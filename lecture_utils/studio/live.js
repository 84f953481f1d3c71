// The page's half of the live picture: paint the frames the kernel sends, return what the
// hand does. The kernel's half, and the words used here, are in live.py.

const PATIENCE = 3000; // ms; after that a lost answer no longer holds the next event back
const SHORTEST_FRAME = 30; // ms; more than 30 frames a second would only heat the room
const FINEST = 2; // pixels of the picture for one of the page, as in live.py
const SMALLEST = 0.73; // of its natural size: below it labels have less than 10 px
const FLATTEST = 0.6; // of its natural height: below it axes have no room between their words
const NARROW = 640; // px; an explorer on less has tight rows, so that a screen holds all of it
const LOWEST = 360; // px; a picture whose parts stand in rows is not made lower than that
const SHARE = 0.62; // of a window's height, at most, for a picture whose parts stand in rows: with less its maps are stamps
const SLOW = 300; // ms; who waits longer for an answer is told that it is being computed
const STEADY = 500; // ms; and for so long at least, since a sign that flickers is none
const FINE = 0.2; // Shift makes an arrow key's step this much finer
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

// ipywidgets gives the handle of a slider no name, and the exponent as the value of a logarithmic one:
// both are written beside it.
function nameSliders(root) {
  for (const slider of root.querySelectorAll(".widget-slider, .widget-hslider")) {
    const handle = slider.querySelector(".noUi-handle");
    const label = slider.querySelector(".widget-label")?.textContent.trim();
    const readout = slider.querySelector(".widget-readout")?.textContent.trim();
    if (label) handle?.setAttribute("aria-label", label);
    if (readout) handle?.setAttribute("aria-valuetext", readout);
  }
}

// A click on the track of a slider moves its handle: the arrow keys are to go on from there.  The
// notebook takes the focus for the cell as the button goes down; when it comes up, that is done.
function focusSlider(event) {
  const handle = event.target.closest?.(".noUi-target")?.querySelector(".noUi-handle");
  if (!handle) return;
  const focus = () => setTimeout(() => handle.focus({ preventScroll: true }));
  window.addEventListener("pointerup", focus, { once: true, capture: true });
}

// Shows `sign` while something is waited for, but nothing that is over in a moment.
function makeSign(sign) {
  let timer = null;
  let since = 0;
  const set = (wanted) => {
    clearTimeout(timer);
    if (wanted !== sign.hidden) return; // it is as wanted
    const wait = wanted ? SLOW : Math.max(0, since + STEADY - performance.now());
    timer = setTimeout(() => {
      sign.hidden = !wanted;
      since = performance.now();
    }, wait);
  };
  return { set, stop: () => clearTimeout(timer) };
}

// A number in a few letters, with a minus sign.
function short(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "not defined" : value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-3 && size < 1e6);
  return (plain ? String(Number(value.toPrecision(3))) : value.toExponential(1)).replace(/-/g, "−");
}

// Through four values at -1, 0, 1, 2, at a place between 0 and 1: exact for a parabola.
const cubic = ([a, b, c, d], t) =>
  b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

// What a surface shows, from the values on a grid that field.py sends: its value at (x, y).
export function makeField({ name, box, limits, x: xs, y: ys, shape: [rows, columns], z, log, most }) {
  const bytes = z.buffer ? z.buffer.slice(z.byteOffset, z.byteOffset + z.byteLength) : z;
  const values = new Float32Array(bytes);
  const at = (row, column) => {
    const inside = (k, count) => Math.min(Math.max(k, 0), count - 1);
    // Beyond the edge the values go on in a straight line.
    const [r, c] = [inside(row, rows), inside(column, columns)];
    const value = values[r * columns + c];
    if (r === row && c === column) return value;
    return 2 * value - values[inside(2 * r - row, rows) * columns + inside(2 * c - column, columns)];
  };
  const value = (x, y) => {
    const u = ((x - xs[0]) / (xs[1] - xs[0])) * (columns - 1);
    const v = ((y - ys[0]) / (ys[1] - ys[0])) * (rows - 1);
    if (!(u >= 0 && u <= columns - 1 && v >= 0 && v <= rows - 1)) return null;
    const [column, row] = [Math.min(Math.floor(u), columns - 2), Math.min(Math.floor(v), rows - 2)];
    const near = [-1, 0, 1, 2].map((j) => [-1, 0, 1, 2].map((i) => at(row + j, column + i)));
    let found = cubic(near.map((line) => cubic(line, u - column)), v - row);
    const [low, high] = [Math.min(...near.flat()), Math.max(...near.flat())];
    if (!Number.isFinite(found)) found = at(Math.round(v), Math.round(u));
    else if (low >= 0 && found < 0) found = 0;
    if (most !== null && most !== undefined && high >= most && found >= 0.999 * most) return `≥ ${short(most)}`;
    const precise = log ? 10 ** found : found;
    return Number.isFinite(precise) ? `≈ ${short(precise)}` : null;
  };
  return {
    box,
    // In words, at fractions of the picture.
    tell([across, up]) {
      const x = limits[0] + ((across - box[0]) / (box[2] - box[0])) * (limits[1] - limits[0]);
      const y = limits[3] + ((up - box[1]) / (box[3] - box[1])) * (limits[2] - limits[3]);
      const found = value(x, y);
      return found && `${name} ${found} at (${short(x)}, ${short(y)})`;
    },
  };
}

// Where the parts of a picture stand on a page so many pixels wide: side by side while its words can
// be read so, else in rows; a picture that has no parts is then scrolled. Returns slots {from, to,
// left, top} in pixels of the picture, the size of all, and the pixels of the page for one of it.
// Rows are made smaller to keep within ``tallest`` pixels of the page.
export function arranged([width, height], panels, wide, tallest) {
  const slots = [{ from: 0, to: width, left: 0, top: 0 }];
  if (panels.length < 2 || wide >= SMALLEST * width) {
    return { slots, width, height, scale: Math.min(1, Math.max(wide / width, SMALLEST)) };
  }
  const inRows = (scale) => {
    let [left, top] = [0, 0];
    const rows = panels.map(([from, to]) => {
      if (left && (left + to - from) * scale > wide) [left, top] = [0, top + height];
      left += to - from;
      return { from, to, left: left - to + from, top };
    });
    const across = Math.max(...rows.map((slot) => slot.left + slot.to - slot.from));
    return { slots: rows, width: across, height: top + height, scale };
  };
  // As large as its height allows, and no part wider than the page.
  const most = wide / Math.max(...panels.map(([from, to]) => to - from));
  let found = null;
  for (let percent = Math.floor(100 * Math.min(1, most)); percent >= 100 * SMALLEST + 2 || !found; percent -= 1) {
    found = inRows(percent / 100);
    if (found.height * found.scale <= tallest) break;
  }
  return found;
}

// The share of its natural height that a picture in rows must be laid out at, so that its rows keep
// within ``tallest`` pixels of the page while its words can be read.
export function share([width, height], panels, wide, tallest) {
  const found = arranged([width, height], panels, wide, tallest);
  if (found.height <= height) return 1;
  const most = tallest / (found.height * (SMALLEST + 0.02));
  return Math.min(1, Math.max(FLATTEST, Math.floor(20 * most) / 20));
}

// One event in flight. While its answer is awaited only the newest position is kept, so a
// fast drag on a slow kernel skips positions instead of queueing them.  `onWait` is told whether
// one is awaited.
function makeSender(model, onWait = () => {}) {
  const client = Math.random().toString(36).slice(2);
  let sequence = 0;
  let waiting = null;
  let pending = null;
  let patience = PATIENCE;

  const post = (event) => {
    waiting = setTimeout(giveUp, patience);
    onWait(true);
    sequence += 1;
    try {
      model.send({ ...event, client, sequence });
    } catch {
      release(); // the kernel is gone: the picture stays as it is
    }
  };
  const release = () => {
    clearTimeout(waiting);
    waiting = null;
    const event = pending;
    pending = null;
    if (event) post(event);
    else onWait(false);
  };
  const giveUp = () => {
    patience *= 2; // a kernel that is merely busy must not find a queue when it is back
    release();
  };
  const merge = (old, event) => {
    const steps = old?.kind === "step" && event.kind === "step";
    const again = old?.times && old.kind === event.kind; // undo, or redo
    if (again) return { ...event, times: old.times + 1 };
    return steps ? { ...event, dx: old.dx + event.dx, dy: old.dy + event.dy } : event;
  };
  const answered = () => {
    const [who, which] = model.get("_ack");
    if (waiting === null || who !== client || which !== sequence) return;
    patience = PATIENCE;
    release();
  };
  model.on("change:_ack", answered);
  return {
    push(event) {
      if (waiting === null) post(event);
      else pending = merge(pending, event);
    },
    idle: () => waiting === null,
    stop() {
      model.off("change:_ack", answered);
      clearTimeout(waiting);
      pending = null;
    },
  };
}

function render({ model, el }) {
  const canvas = document.createElement("canvas");
  const caption = document.createElement("div");
  const status = document.createElement("div");
  const stage = document.createElement("div");
  const frame = document.createElement("div");
  const tip = document.createElement("div");
  const code = document.createElement("div");
  stage.className = "lecture-picture-stage";
  tip.className = "lecture-picture-tip";
  tip.hidden = true;
  code.className = "lecture-picture-code";
  code.setAttribute("role", "status");
  const sign = document.createElement("div");
  sign.className = "lecture-picture-sign";
  sign.textContent = "computing…";
  sign.hidden = true;
  frame.className = "lecture-picture-frame";
  stage.append(canvas, tip, sign);
  frame.append(stage);
  caption.className = "lecture-picture-caption";
  caption.setAttribute("aria-live", "polite");
  status.className = "lecture-picture-status";
  status.setAttribute("role", "alert");
  el.classList.add("lecture-picture");
  el.append(frame, caption, status, code);
  // It is waited for an answer to what the hand does here, or the kernel says that it computes.
  const busy = makeSign(sign);
  let [asking, computing] = [false, false];
  const sender = makeSender(model, (waits) => {
    asking = waits;
    busy.set(asking || computing);
  });
  const onMessage = (message) => {
    if (message?.kind !== "computing") return;
    computing = message.on;
    busy.set(asking || computing);
  };

  let root = null; // the explorer that the picture belongs to

  // --- painting -------------------------------------------------------------------------
  let received = 0;
  let painted = 0;
  const paint = async () => {
    const png = model.get("_png");
    if (!png?.byteLength) return;
    const turn = ++received;
    const bitmap = await createImageBitmap(new Blob([png]));
    if (turn < painted) return bitmap.close(); // two decodings may finish in the wrong order
    painted = turn;
    shown?.close();
    shown = bitmap;
    lay();
    canvas.dataset.frame = turn; // tests and benchmarks watch this
  };
  let shown = null;
  let layout = null;
  const lay = () => {
    if (!shown || !layout) return;
    const dense = shown.width / model.get("_size")[0];
    const [across, down] = [layout.width, layout.height].map((side) => Math.round(side * dense));
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across; // setting a size clears the canvas, so only when it changed
      canvas.height = down;
    }
    const context = canvas.getContext("2d", { alpha: false });
    if (layout.slots.length > 1) {
      context.fillStyle = "white";
      context.fillRect(0, 0, across, down);
    }
    for (const { from, to, left, top } of layout.slots) {
      const [x, wide] = [from * dense, (to - from) * dense];
      context.drawImage(shown, x, 0, wide, shown.height, left * dense, top * dense, wide, shown.height);
    }
  };
  const resize = () => {
    if (!frame.clientWidth) return;
    const wide = frame.clientWidth;
    const tallest = Math.min(model.get("tallest"), Math.max(LOWEST, SHARE * window.innerHeight));
    root?.classList.toggle("lecture-narrow", wide < NARROW);
    flatten(wide, tallest);
    layout = arranged(model.get("_size"), model.get("_panels"), wide, tallest);
    const scrolled = layout.slots.length === 1 && layout.width * layout.scale > frame.clientWidth;
    frame.style.overflow = scrolled ? "auto hidden" : "";
    stage.style.minWidth = scrolled ? `${layout.width * layout.scale}px` : "";
    // Side by side it grows with the page up to its natural size, in rows it stays as arranged.
    canvas.style.maxWidth = `${layout.width * (layout.slots.length > 1 ? layout.scale : 1)}px`;
    canvas.style.aspectRatio = `${layout.width} / ${layout.height}`;
    lay();
  };
  // Only the kernel can lay a picture out at another height. It is asked when this view wants another
  // one than before, so that two views of one picture do not quarrel.
  let wanted = null;
  const flatten = (wide, tallest) => {
    const { height, panels } = model.get("_natural") ?? {};
    if (!height) return;
    const [width, now] = model.get("_size");
    const asked = share([width, height], panels, wide, tallest);
    if (asked === wanted) return;
    const first = wanted === null;
    wanted = asked; // later the height of now may be about to change: by what was asked before
    if (first && Math.round(asked * height) === now) return;
    try {
      model.send({ kind: "room", share: asked });
    } catch {
      // the kernel is gone: the picture stays as it is
    }
  };
  const widths = new ResizeObserver(resize);
  widths.observe(frame);
  const describe = () => {
    const answers = model.get("_boxes").length > 0;
    const several = model.get("_choices") > 1;
    const help = !answers ? "" : " Arrow keys move the point, with Shift in finer steps." +
      (several ? " The space bar passes on to the next point." : "");
    canvas.setAttribute("role", answers ? "application" : "img");
    canvas.setAttribute("aria-label", model.get("alt") + help);
    canvas.classList.toggle("lecture-picture-answers", answers);
    if (answers) canvas.tabIndex = 0;
    else canvas.removeAttribute("tabindex");
  };
  // What stands below must not move under the hand when a sentence becomes shorter.
  let longest = 0; // letters, at this width
  const keepHeight = () => {
    const letters = caption.textContent.length;
    if (letters <= longest) return;
    longest = letters;
    caption.style.minHeight = "";
    caption.style.minHeight = `${caption.offsetHeight}px`;
  };
  const captionWidth = new ResizeObserver(([{ contentRect: { width } }]) => {
    if (width === captionWidth.before) return;
    captionWidth.before = width;
    longest = 0;
    keepHeight();
  });
  captionWidth.observe(caption);
  const write = () => {
    caption.innerHTML = model.get("caption");
    keepHeight();
    status.textContent = model.get("status");
  };

  // --- pointer --------------------------------------------------------------------------
  // Fractions of the picture, from its top left corner: right at any size, zoom or transform. A drag
  // stays in the slot where it began, also where the pointer leaves it.
  const slotAt = (event) => {
    const [x, y] = onCanvas(event);
    return layout.slots.findLast(({ left, top }) => x >= left && y >= top) ?? layout.slots[0];
  };
  const onCanvas = (event) => {
    const box = canvas.getBoundingClientRect();
    const across = (event.clientX - box.left) / box.width;
    const down = (event.clientY - box.top) / box.height;
    return [across * layout.width, down * layout.height];
  };
  const fractions = (event, slot = slotAt(event)) => {
    const [width, height] = model.get("_size");
    const [x, y] = onCanvas(event);
    const { from, to, left, top } = slot;
    const inside = drag || (x - left <= to - from && y - top <= height);
    return inside ? [(x - left + from) / width, (y - top) / height] : [-1, -1];
  };
  const axesAt = ([x, y]) =>
    model.get("_boxes").findLastIndex(([x0, y0, x1, y1]) => x >= x0 && x <= x1 && y >= y0 && y <= y1);

  // The value at a pointer that rests on a surface or passes over it; nobody asks the kernel.
  let fields = [];
  const readFields = () => { fields = model.get("_fields").map(makeField); };
  const hideTip = () => { tip.hidden = true; };
  const hover = (event) => {
    const [x, y] = fractions(event);
    const field = fields.findLast(({ box }) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3]);
    const told = event.pointerType !== "touch" && !event.buttons && field?.tell([x, y]);
    tip.hidden = !told;
    if (!told) return;
    tip.textContent = told;
    // Beside the pointer, on the side where its axes have room, never over what it points at.
    const box = stage.getBoundingClientRect();
    const [left, top] = [event.clientX - box.left, event.clientY - box.top];
    const right = x < (field.box[0] + field.box[2]) / 2;
    tip.style.left = right ? `${left + 14}px` : "auto";
    tip.style.right = right ? "auto" : `${box.width - left + 14}px`;
    tip.style.top = `${top < 40 ? top + 14 : top - 34}px`;
  };

  let drag = null;
  let gestures = 0;
  const move = (event) => {
    const at = fractions(event, drag.slot);
    if (drag.at && drag.at[0] === at[0] && drag.at[1] === at[1]) return; // the release of a click
    drag.at = at;
    const { slot, ...told } = drag;
    sender.push({ kind: "point", ...told });
  };
  const onDown = (event) => {
    const origin = fractions(event);
    const box = axesAt(origin);
    if (event.button !== 0 || box < 0) return;
    event.preventDefault(); // no text selection, no image drag
    canvas.focus({ preventScroll: true });
    hideTip();
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
    gestures += 1;
    drag = { box, origin, gesture: gestures, slot: slotAt(event) };
    move(event);
  };
  const onMove = (event) => {
    if (drag) move(event);
    else canvas.style.cursor = axesAt(fractions(event)) < 0 ? "default" : "crosshair";
    hover(event);
  };
  const onUp = (event) => {
    if (drag && event.type === "pointerup") move(event);
    drag = null;
  };
  canvas.addEventListener("pointerdown", onDown);
  canvas.addEventListener("pointermove", onMove);
  canvas.addEventListener("pointerup", onUp);
  canvas.addEventListener("pointercancel", onUp);
  canvas.addEventListener("pointerleave", hideTip);
  // The notebook would move the focus to the cell on mousedown, and the arrow keys with it.
  canvas.addEventListener("mousedown", (event) => { if (drag) event.preventDefault(); });

  // --- keys -----------------------------------------------------------------------------
  // Ctrl+Z (Cmd+Z) anywhere in the explorer takes back, Ctrl+Shift+Z and Ctrl+Y do it again, except
  // where text is typed, which has its own.
  const walked = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !root?.contains(event.target)) return null;
    if (event.target.closest("input[type=text], input[type=number], textarea, [contenteditable=true]")) return null;
    const key = event.key.toLowerCase();
    if (key === "z") return event.shiftKey ? "redo" : "undo";
    return key === "y" && !event.shiftKey ? "redo" : null;
  };
  // JupyterLab and its slideshow listen on the document while events come down to their target;
  // only a listener on the window is earlier. It takes the arrow keys, and the space bar where there
  // is more than one point to move, and leaves all other shortcuts alone.
  const onKey = (event) => {
    const kind = walked(event);
    if (kind) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return sender.push({ kind, times: 1 });
    }
    if (event.target !== canvas || event.ctrlKey || event.altKey || event.metaKey) return;
    const arrow = ARROWS[event.key];
    const next = event.key === " " && model.get("_choices") > 1;
    if (!next && !(arrow && model.get("_choices") > 0)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (next) return sender.push({ kind: "next" });
    const size = event.shiftKey ? FINE : 1;
    sender.push({ kind: "step", dx: arrow[0] * size, dy: arrow[1] * size });
  };
  window.addEventListener("keydown", onKey, true);
  window.addEventListener("resize", resize);

  // --- playing --------------------------------------------------------------------------
  // The page asks for each frame once the last one has come, so a slow kernel skips steps of the
  // film instead of queueing them; in a hidden tab the browser asks for none.
  let film = null;
  let asked = 0;
  const play = (now) => {
    film = null;
    if (!model.get("_playing")) return;
    film = requestAnimationFrame(play);
    if (now - asked < SHORTEST_FRAME || !sender.idle()) return;
    asked = now;
    sender.push({ kind: "tick" });
  };
  const startFilm = () => { film ??= requestAnimationFrame(play); };

  // --- the state as code ----------------------------------------------------------------
  const forgetCode = () => code.replaceChildren();
  const copy = async (event) => {
    if (!event.target.closest(".lecture-copy")) return;
    const line = document.createElement("code");
    line.textContent = model.get("code");
    let words = "Copied. In a cell of code it gives this picture again: ";
    try {
      await navigator.clipboard.writeText(line.textContent); // at once: browsers ask for a click
    } catch {
      words = "This browser does not let the page copy. Copy this line into a cell of code: ";
    }
    code.replaceChildren(words, line);
  };

  // --- around it ------------------------------------------------------------------------
  let around = null;
  let naming = null;
  const lookAround = () => {
    root = el.closest(".lecture-explorer");
    if (!root?.isConnected) return naming = requestAnimationFrame(lookAround);
    root.addEventListener("click", copy);
    root.addEventListener("pointerdown", focusSlider, true);
    resize();
    nameSliders(root);
    around = new MutationObserver(() => nameSliders(root));
    around.observe(root, { childList: true, characterData: true, subtree: true });
  };
  naming = requestAnimationFrame(lookAround);

  // A finer screen, a zoomed page, or a window that was moved to one, gets a finer picture.
  let screen = null;
  const sharpen = () => {
    const scale = window.devicePixelRatio || 1;
    screen = matchMedia(`(resolution: ${scale}dppx)`);
    screen.addEventListener("change", sharpen, { once: true });
    if (!model.get("_png")?.byteLength || Math.min(scale, FINEST) > model.get("_scale"))
      sender.push({ kind: "hello", scale });
  };

  // --- life -----------------------------------------------------------------------------
  const watched = {
    "change:_png": paint,
    "change:_size": resize,
    "change:_panels": resize,
    "change:_boxes": describe,
    "change:_choices": describe,
    "change:alt": describe,
    "change:caption": write,
    "change:status": write,
    "change:_playing": startFilm,
    "change:_fields": readFields,
    "change:code": forgetCode,
    "msg:custom": onMessage,
  };
  for (const [name, action] of Object.entries(watched)) model.on(name, action);
  resize();
  describe();
  write();
  readFields();
  paint();
  startFilm();
  sharpen();

  return () => {
    for (const [name, action] of Object.entries(watched)) model.off(name, action);
    window.removeEventListener("keydown", onKey, true);
    window.removeEventListener("resize", resize);
    cancelAnimationFrame(film);
    cancelAnimationFrame(naming);
    around?.disconnect();
    widths.disconnect();
    captionWidth.disconnect();
    root?.removeEventListener("click", copy);
    root?.removeEventListener("pointerdown", focusSlider, true);
    busy.stop();
    screen.removeEventListener("change", sharpen);
    sender.stop();
  };
}

export default { render };
