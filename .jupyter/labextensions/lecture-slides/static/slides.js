// A notebook as slides, in JupyterLab, with its explorers and cards alive.
//
// Written by hand as the container that JupyterLab loads (init, get), so nothing is built.  What is
// a slide says the cells' metadata, as nbconvert reads it: "slide" and "subslide" begin one, the
// empty text continues it, "skip" is left out, "notes" are for whoever presents.
//
// A slide that is taller than the screen is shown in pages: a paragraph, a piece of code and an
// output are never cut, a heading stays with what follows, and a prediction ends its page.  Code of
// one line or of more than LINES, folded cells and progress bars are for readers of the notebook,
// and so are the last lines of a cell that only ask for what is then seen; no page has more than LINES
// of code.  An explorer that stands alone is titled by its section and its name.
// Nothing is stored: a closed browser opens as a notebook again.
(() => {
  const NAME = "lecture-slides";
  const clipped = new WeakSet(); // code whose last lines a slide has left out
  const SCREEN = [1280, 720]; // what sizes in slides.css are meant for; larger screens enlarge them
  const EDGE = 40; // of the screen's height, for margins and the line at the bottom
  const LINES = 12; // of code that the back row reads
  const LEAST = 0.75; // of its width is left to a live picture beside letters that the back row reads
  const SMALLEST = 0.7; // a block that is taller than the screen by itself shrinks no further
  const NEXT = new Set(["ArrowRight", "ArrowDown", "PageDown", " "]);
  const BACK = new Set(["ArrowLeft", "ArrowUp", "PageUp"]);
  // Browsers keep these files for a year: the version in the address asks for the new ones.
  const { href: here, search } = new URL(document.currentScript.src);

  const style = document.createElement("link");
  style.rel = "stylesheet";
  style.href = new URL(`slides.css${search}`, here).href;
  document.head.append(style);

  const element = (tag, name, text = "") =>
    Object.assign(document.createElement(tag), { className: name, textContent: text });
  /** The rules by which formulas are set, with their fonts, which JupyterLab brings with its own sheets.
      MathJax adds the rules of a letter when it first sets it, and to the sheet alone. */
  function letters() {
    const rules = (sheet) => {
      try {
        return [...sheet.cssRules];
      } catch {
        return []; // of another host, which does not let itself be read
      }
    };
    const fonts = [...document.styleSheets].flatMap(rules)
      .filter((rule) => rule instanceof CSSFontFaceRule && rule.style.fontFamily.includes("MJX"));
    const sheet = document.getElementById("MJX-CHTML-styles")?.sheet;
    return [...fonts, ...(sheet ? rules(sheet) : [])].map((rule) => rule.cssText).join("\n");
  }
  const clock = (ms) => {
    const seconds = Math.floor(ms / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  };

  // --- what a notebook says of its slides -------------------------------------------------------

  const kindOf = (cell) => cell.model.getMetadata("slideshow")?.slide_type ?? "";
  const textOf = (output) => [output.toJSON().data?.["text/plain"] ?? ""].flat().join("");
  const begins = (output, word) => textOf(output).startsWith(`${word}: `);
  const source = (cell) => cell.model.sharedModel.getSource().trim();
  // The calls at the end that only ask for what is then seen: a question, an explorer, a figure.
  const CALLS = /(^|\n)(explorers|figures|lesson)\.[^\n]*(\n[ )\]}][^\n]*)*$/;
  const IMPORTS = /^((import|from) [^\n]*\n?)+$/;

  /** How many lines of a cell's code are for a slide; those after them ask, and imports are none. */
  function linesOf(cell) {
    let code = source(cell);
    while (CALLS.test(code)) code = code.replace(CALLS, "").trimEnd();
    return IMPORTS.test(code) || !code ? 0 : code.split("\n").length;
  }
  const isRead = (cell) => !cell.inputHidden && linesOf(cell) > 1 && linesOf(cell) <= LINES;

  /** The paragraphs of a text; of a list its items, since a long one may need two pages. */
  function textsOf(cell) {
    const rendered = cell.node.querySelector(".jp-MarkdownOutput");
    return [...(rendered?.children ?? [])].flatMap((node) => {
      if (!["OL", "UL"].includes(node.tagName)) return [node];
      const items = [...node.children];
      if (node.tagName === "OL") items.forEach((item, i) => { item.value = node.start + i; });
      return items;
    });
  }
  // The bibliography is for readers.
  const isReading = (node) => /^Further reading\b/.test(node.textContent);

  function blocksOf(cell, unfolded) {
    if (cell.model.type === "markdown") {
      return textsOf(cell).filter((node) => !isReading(node)).map((node) => ({ cell, node }));
    }
    if (cell.model.type !== "code") return [];
    const hidden = !isRead(cell) && !(unfolded && !cell.inputHidden);
    const input = cell.node.querySelector(".jp-Cell-inputWrapper");
    const { outputs: stored } = cell.model;
    const outputs = [...cell.outputArea.node.children]
      .filter((node) => node.classList.contains("jp-OutputArea-child"))
      .slice(0, stored.length)
      .map((node, i) => ({ cell, node, asks: begins(stored.get(i), "Prediction"), i }))
      .filter(({ i }) => !begins(stored.get(i), "Progress"));
    // What the course says at a cell, such as: commit your prediction first.
    const said = cell.node.querySelector(".jp-Cell-outputWrapper > .lecture-notes");
    const code = hidden ? [] : [{ cell, node: input, lines: linesOf(cell) }];
    return [...code, ...(said ? [{ cell, node: said }] : []), ...outputs];
  }

  /** Whether anything of a cell is seen on a slide; it need not be drawn yet. */
  function isSeen(cell) {
    if (cell.model.type !== "code") return cell.model.type === "markdown" && source(cell) !== "";
    const { outputs } = cell.model;
    const places = Array.from({ length: outputs.length }, (_, i) => i);
    return isRead(cell) || places.some((i) => !begins(outputs.get(i), "Progress"));
  }

  // The paragraphs of a note from the one on that asks something of an explorer or of a blank.
  const ASKS = /(^|\n\n)\*\*(Play|Vary|Your turn)\.\*\* /;
  const partOf = ({ cell, asks }) => {
    const parts = [...(cell.node.querySelector(".jp-MarkdownOutput")?.children ?? [])];
    const first = parts.findIndex((part) => /^(Play|Vary|Your turn)\. /.test(part.textContent));
    return asks === undefined || first < 0 ? parts : asks ? parts.slice(first) : parts.slice(0, first);
  };

  /** The slides: their cells, and their notes; what a note asks of the explorer or blank that comes
      next is said there. */
  function slidesOf(notebook) {
    const slides = [];
    let ahead = [];
    for (const cell of notebook.widgets) {
      const kind = kindOf(cell);
      if (kind === "skip") continue;
      if (kind === "notes") {
        const asked = ASKS.exec(source(cell));
        if (asked) ahead.push({ cell, asks: true });
        if (asked?.index !== 0) slides.at(-1)?.notes.push({ cell, asks: asked ? false : undefined });
        continue;
      }
      const before = slides.at(-1);
      if (kind === "slide" || kind === "subslide" || !before) slides.push({ cells: [], notes: [] });
      slides.at(-1).cells.push(cell);
      (/^Ex(plorer|ercise): /.test(lineOf(cell)) || !before ? slides.at(-1) : before).notes.push(...ahead);
      ahead = [];
    }
    slides.at(-1)?.notes.push(...ahead);
    // A slide on which nothing would be seen is none; what was noted there belongs to the last.
    return slides.reduce((kept, slide) => {
      if (slide.cells.some(isSeen)) kept.push(slide);
      else kept.at(-1)?.notes.push(...slide.notes);
      return kept;
    }, []);
  }

  const headingOf = (slide) => slide.cells
    .filter((cell) => cell.model.type === "markdown")
    .map((cell) => /^(#{1,4}) (.+)$/m.exec(source(cell)))
    .filter(Boolean)
    .map(([, marks, text]) => ({ level: marks.length, text: text.replace(/[*`]/g, "") }))[0];

  const cut = (text) => text.length > 84 ? `${text.slice(0, 84).replace(/\s+\S*$/, "")} …` : text;
  const tagsOf = (cell) =>
    (cell.model.getMetadata("tags") ?? []).filter((tag) => tag.startsWith("answers-"));
  const isCovered = (cell) => cell.node.matches(".lecture-covered, :has(.lecture-covered)");

  /** What a cell asks or says first, in a line; nothing where it answers, and never code. */
  function lineOf(cell) {
    if (cell.model.type === "markdown") {
      const text = plain(cell.node.querySelector(".jp-MarkdownOutput"));
      return tagsOf(cell).length ? "" : cut(/^.*?[.:?!](?=\s|$)/.exec(text)?.[0] ?? text);
    }
    if (cell.model.type !== "code") return "";
    for (let i = 0; i < cell.model.outputs.length; i++) {
      const text = textOf(cell.model.outputs.get(i));
      if (text.startsWith("Prediction: ")) return cut(`Question: ${cell.node.dataset.asks ?? ""}`);
      const [, kind, name] = /^(Explorer|Exercise):? (.*?)(?:: |\. Run )/.exec(text) ?? [];
      if (name) return cut(`${kind}: ${name}`);
    }
    return "";
  }
  const explorerOf = (cell) => /^Explorer: (.*)/.exec(lineOf(cell))?.[1] ?? "";
  const plain = (node) => node?.textContent.replace("¶", "").replace(/\s+/g, " ").trim() ?? "";

  /** What a slide is called: its heading, or what it asks or says first, or the heading above. */
  function titleOf(slides, place) {
    const own = headingOf(slides[place]);
    if (own) return own;
    const said = slides[place].cells.map(lineOf).find(Boolean);
    const above = sectionOf(slides, place);
    return { level: 5, text: said ?? (above ? `${above} (continued)` : "…") };
  }

  /** The heading under which a slide without one stands. */
  const sectionOf = (slides, place) =>
    slides.slice(0, place).map(headingOf).findLast(Boolean)?.text ?? "";

  // --- one presentation -------------------------------------------------------------------------

  class Presentation {
    /** ``from``: the place of the cell to begin with; ``left``: its page, where one was left. */
    constructor(panel, from, left, stopped) {
      this.panel = panel;
      this.notebook = panel.content;
      this.stopped = stopped;
      this.began = Date.now();
      this.place = 0;
      this.page = 0;
      this.pages = [[]];
      this.unfolded = false;
      this.from = from;
      this.left = left;
    }

    async start() {
      const { notebook, panel } = this;
      this.config = notebook.notebookConfig;
      notebook.notebookConfig = { ...this.config, windowingMode: "none" };
      this.path = [];
      for (let node = panel.node.parentElement; node; node = node.parentElement) this.path.push(node);
      for (const node of this.path) node.classList.add("lecture-slides-path");
      panel.node.classList.add("lecture-slides");
      this.screen = notebook.outerNode ?? notebook.node;
      this.screen.classList.add("lecture-slides-screen");
      document.body.dataset.slides = "on";
      this.furnish();
      // JupyterLab draws what is out of sight when it has time; the first slide does not wait for it.
      const drawn = Promise.all(notebook.widgets.map((cell) => cell.ready)).then(() => true);
      const soon = new Promise((resolve) => setTimeout(resolve, 1500, false));
      const whole = await Promise.race([drawn, soon]);
      this.slides = slidesOf(notebook);
      if (!this.slides.length) return this.stop();
      this.watch = new MutationObserver(() => this.later());
      this.watch.observe(notebook.node, { childList: true, subtree: true });
      this.grown = new ResizeObserver(() => this.later());
      this.resized = () => this.show(this.place, this.page);
      window.addEventListener("resize", this.resized);
      this.show(this.slideOf(this.from), this.left ?? 0);
      this.turnTo(this.from);
      if (whole) return;
      await drawn;
      if (document.body.dataset.slides === undefined || panel.isDisposed) return;
      const here = this.index(this.slides[this.place].cells[0]);
      this.slides = slidesOf(notebook);
      this.show(this.slideOf(here), this.page);
    }

    /** The slide on which a cell is shown, or the last before it. */
    slideOf(cell) {
      return Math.max(0, this.slides.findLastIndex(({ cells }) => this.index(cells[0]) <= cell));
    }

    /** The page that shows a cell, unless it is seen already; a slide may have several. */
    turnTo(cell) {
      if (this.pages[this.page].some((block) => this.index(block.cell) === cell)) return;
      const page = this.pages.findIndex((p) => p.some((block) => this.index(block.cell) === cell));
      if (page >= 0) this.show(this.place, page);
    }

    stop() {
      const { notebook, panel } = this;
      const shown = this.slides?.length ? this.pages[this.page][0]?.cell : null;
      this.watch?.disconnect();
      this.grown?.disconnect();
      clearTimeout(this.waiting);
      clearInterval(this.ticking);
      window.removeEventListener("resize", this.resized);
      this.bar?.remove();
      this.overview?.remove();
      this.black?.remove();
      this.speaker?.close();
      delete document.body.dataset.slides;
      for (const node of this.path) node.classList.remove("lecture-slides-path");
      this.stopped({ cell: shown, page: this.page });
      if (panel.isDisposed) return;
      this.clear();
      for (const cell of notebook.widgets) cell.node.classList.remove("lecture-on");
      panel.node.classList.remove("lecture-slides");
      this.screen.classList.remove("lecture-slides-screen");
      this.plain();
      notebook.notebookConfig = this.config;
      panel.update();
      if (!shown) return;
      const where = this.index(shown);
      notebook.activeCellIndex = where;
      // The notebook first finds its own place again; then it goes where the slides were, unless
      // somebody has gone elsewhere by then.
      const go = () => {
        if (panel.isDisposed || notebook.activeCellIndex !== where) return;
        notebook.scrollToItem(where, "start").catch(() => {});
      };
      go();
      setTimeout(go, 400);
      notebook.activate();
    }

    index(cell) {
      return this.notebook.widgets.indexOf(cell);
    }

    // --- pages ----------------------------------------------------------------------------------

    get room() {
      const shrunk = Math.min(window.innerWidth / SCREEN[0], window.innerHeight / SCREEN[1]);
      return window.innerHeight - EDGE * shrunk;
    }

    /** The blocks of a slide, in pages that fit. They must be displayed. */
    paginate(all) {
      const said = new Set(); // two outputs that wait for the same question say so once
      const repeats = ({ node }) => {
        if (!node.matches(".lecture-notes")) return false;
        const text = node.textContent;
        return said.has(text) || !said.add(text);
      };
      const blocks = all // what is covered has no height
        .filter(({ node }) => node.offsetHeight > 0)
        .filter((block) => !repeats(block));
      const boxes = blocks.map(({ node }) => node.getBoundingClientRect());
      const lines = (page) => page.reduce((sum, block) => sum + (block.lines ?? 0), 0);
      const pages = [];
      let page = [];
      let top = 0;
      blocks.forEach((block, i) => {
        // What follows a prediction may answer it: that is seen on the next page.
        const crowded = lines(page) > 0 && lines([...page, block]) > LINES && !this.unfolded;
        const titles = page.length === 1 && page[0].node.matches(".lecture-title");
        const full = crowded || boxes[i].bottom - top > this.room;
        if (page.length && !titles && (page.at(-1).asks || full)) {
          // A heading stays with what follows, and code with what it prints, where both have room.
          const last = page.at(-1);
          const code = last.cell === block.cell && last.node.matches(".jp-Cell-inputWrapper");
          const fits = boxes[i].bottom - boxes[i - 1].top <= this.room;
          const stays = ((code && fits) || /^H[1-4]$/.test(last.node.tagName)) && page.length > 1;
          const kept = stays ? [page.pop()] : [];
          pages.push(page);
          page = kept;
          if (kept.length) top = boxes[i - 1].top;
        }
        if (!page.length) top = boxes[i].top;
        page.push(block);
      });
      return page.length ? [...pages, page] : pages;
    }

    show(place, page, keep = null) {
      const { notebook, slides } = this;
      this.watch.disconnect();
      this.grown.disconnect();
      this.place = Math.min(Math.max(place, 0), slides.length - 1);
      const { cells } = slides[this.place];
      const on = new Set(cells);
      this.plain();
      for (const cell of notebook.widgets) cell.node.classList.toggle("lecture-on", on.has(cell));
      this.clear();
      const blocks = this.titled(cells.flatMap((cell) => blocksOf(cell, this.unfolded)));
      if (!this.unfolded) for (const cell of cells) this.clip(cell);
      const all = new Set(blocks.map(({ node }) => node));
      for (const cell of cells) this.hide(cell, all);
      this.pages = this.paginate(blocks);
      if (blocks.length && !this.pages.length) this.pages = this.wait(cells);
      if (!this.pages.length) this.pages = [[]];
      const held = keep ? this.pages.findIndex((p) => p.some(({ node }) => node.contains(keep))) : -1;
      this.page = held >= 0 ? held : Math.min(Math.max(page, 0), this.pages.length - 1);
      const shown = this.pages[this.page];
      const nodes = new Set(shown.map(({ node }) => node));
      const here = new Set(shown.map(({ cell }) => cell));
      for (const cell of cells) {
        cell.node.classList.toggle("lecture-on", here.has(cell));
        this.hide(cell, nodes);
      }
      this.fit(shown);
      this.screen.scrollTop = 0;
      if (keep) keep.scrollIntoView({ block: "nearest" });
      else this.select(shown);
      this.tell();
      this.watch.observe(notebook.node, { childList: true, subtree: true });
      for (const { node } of shown) this.grown.observe(node);
      this.sizes = this.measure();
    }

    /** Sizes as slides.css has them. */
    plain() {
      for (const name of ["--lecture-shrink", "--lecture-wide"]) this.screen.style.removeProperty(name);
    }

    /** Undo what was done to the blocks of a slide. */
    clear() {
      const { node } = this.notebook;
      for (const name of ["lecture-off", "lecture-clipped"])
        node.querySelectorAll(`.${name}`).forEach((one) => one.classList.remove(name));
      node.querySelectorAll(".lecture-first").forEach((one) => one.remove());
      node.querySelectorAll(".jp-MarkdownOutput [style*=font-size]:is(p, li, div, table)")
        .forEach((one) => one.style.removeProperty("font-size"));
    }

    /** The blocks of this slide, above an explorer that has no heading a line that says what it is. */
    titled(blocks) {
      const [{ cell } = {}] = blocks;
      const name = cell && !headingOf(this.slides[this.place]) ? explorerOf(cell) : "";
      if (!name || isCovered(cell)) return blocks;
      const section = sectionOf(this.slides, this.place);
      const node = element("h3", "lecture-first lecture-title", section ? `${section} · ${name}` : name);
      cell.node.prepend(node);
      return [{ cell, node }, ...blocks];
    }

    /** In place of a slide that is nothing but covered text: which question it waits for. */
    wait(cells) {
      const cell = cells.find(isCovered);
      if (!cell) return [];
      const node = element("div", "lecture-note lecture-first");
      node.dataset.kind = "cover";
      const button = element("button", "", "Show it");
      button.addEventListener("click", () => this.uncover());
      node.append(element("div", "", `Answer first: ${cell.node.dataset.waitsFor}`), button);
      cell.node.prepend(node);
      return [[{ cell, node }]];
    }

    /** Lift the covers of this slide; covers.js, of the course's other extension, has laid them and
        written into `data-waits-for` and `data-asks` what a cell waits for, and what one asks. */
    uncover() {
      const places = this.slides[this.place].cells.filter(isCovered).map((c) => this.index(c));
      if (!places.length) return;
      const detail = { places };
      this.notebook.node.dispatchEvent(new CustomEvent("lecture-uncover", { detail }));
      this.show(this.place, 0);
    }

    /** Leave out the last lines of its code, those that only ask; who edits it sees them, but not
        before the click is over: a line that moved under the hand would be selected. */
    clip(cell) {
      if (cell.model.type !== "code" || !isRead(cell)) return;
      const input = cell.node.querySelector(".jp-Cell-inputWrapper");
      if (linesOf(cell) === source(cell).split("\n").length) return;
      input.classList.add("lecture-clipped");
      input.style.setProperty("--lecture-lines", linesOf(cell));
      if (clipped.has(input)) return;
      clipped.add(input);
      const edited = ({ type }) => input.querySelector(".cm-editor")
        ?.classList.toggle("lecture-edited", type !== "focusout");
      for (const kind of ["click", "keyup", "focusout"]) input.addEventListener(kind, edited);
    }

    /** Hide what of a cell is not among ``shown``. */
    hide(cell, shown) {
      const parts = cell.model.type === "markdown"
        ? textsOf(cell)
        : [cell.node.querySelector(".jp-Cell-inputWrapper"),
           cell.node.querySelector(".jp-Cell-outputWrapper > .lecture-notes"),
           cell.node.querySelector(":scope > .lecture-title"),
           ...(cell.outputArea?.node.children ?? [])];
      for (const node of parts) node?.classList.toggle("lecture-off", !shown.has(node));
    }

    /** A formula that the margin does not hold becomes smaller, and so does a block that is too tall. */
    fit(shown) {
      for (const { cell, node } of shown) {
        const wide = cell.model.type === "markdown" ? node.clientWidth / node.scrollWidth : 1;
        if (wide < 0.98) node.style.fontSize = `${Math.max(wide - 0.01, SMALLEST)}em`;
      }
      const height = this.height(shown);
      this.stretch(shown, this.room - height);
      if (this.height(shown) <= this.room) return;
      this.screen.style.removeProperty("--lecture-wide");
      // Text that is set smaller also has fewer lines: so in steps, until it fits.
      for (let size = 0.95; size >= SMALLEST - 0.001; size -= 0.05) {
        this.screen.style.setProperty("--lecture-shrink", size.toFixed(2));
        if (this.height(shown) <= this.room) break;
      }
    }

    /** A live picture takes the height that is left, or gives a little of its own: letters stay. */
    stretch(shown, left) {
      const [canvas, ...more] = shown.flatMap(({ node }) => [...node.querySelectorAll("canvas")]);
      const box = canvas?.getBoundingClientRect();
      if (!box?.height || more.length) return;
      const width = box.width + (left - 8) * (box.width / box.height);
      if (width < LEAST * box.width) return;
      this.screen.style.setProperty("--lecture-wide", `${Math.floor(width)}px`);
    }

    height(shown) {
      const boxes = shown.map(({ node }) => node.getBoundingClientRect());
      return Math.max(0, ...boxes.map((b) => b.bottom)) - Math.min(...boxes.map((b) => b.top));
    }

    /** So that Shift + Enter runs what is seen. */
    select(shown) {
      const cell = shown.find(({ cell }) => cell.model.type === "code")?.cell ?? shown[0]?.cell;
      if (!cell) return;
      this.notebook.activeCellIndex = this.index(cell);
      this.notebook.mode = "command";
      cell.node.focus({ preventScroll: true });
    }

    measure() {
      const nodes = this.pages[this.page].map(({ node }) => node);
      const { cells } = this.slides[this.place];
      const blocks = cells.map((cell) => blocksOf(cell, this.unfolded).length);
      return JSON.stringify([blocks, nodes.map((n) => [n.isConnected, n.offsetHeight])]);
    }

    /** A cell ran, a card answered: see again what fits, and stay with what is in use. */
    later() {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => {
        if (this.panel.isDisposed) return this.stop();
        const now = this.measure();
        if (now === this.sizes) return;
        this.sizes = now;
        const used = document.activeElement;
        const inside = this.pages[this.page].some(
          ({ node }) => node !== used && node.contains(used));
        const { left, top } = { left: this.screen.scrollLeft, top: this.screen.scrollTop };
        this.show(this.place, this.page, inside ? used : null);
        if (!inside) this.screen.scrollTo(left, top);
      }, 150);
    }

    next() {
      if (this.page < this.pages.length - 1) return this.show(this.place, this.page + 1);
      if (this.place === this.slides.length - 1) return;
      this.unfolded = false;
      this.show(this.place + 1, 0);
    }

    back() {
      if (this.page > 0) return this.show(this.place, this.page - 1);
      if (this.place === 0) return;
      this.unfolded = false;
      this.show(this.place - 1, Infinity);
    }

    go(place) {
      this.unfolded = false;
      this.show(place, 0);
    }

    // --- around the slide -----------------------------------------------------------------------

    furnish() {
      this.bar = element("div", "lecture-slides-bar");
      this.count = element("span", "lecture-slides-count");
      const button = (text, title, act) => {
        const one = element("button", "", text);
        one.title = title;
        one.setAttribute("aria-label", title);
        one.addEventListener("click", () => { act(); one.blur(); });
        this.bar.append(one);
        return one;
      };
      this.more = button("code", "Show or hide the code of this slide (c)", () => this.unfold());
      button("☰", "All slides (o)", () => this.survey());
      button("notes", "Notes in a window of their own (n)", () => this.speak());
      button("‹", "Back (Page Up)", () => this.back());
      this.bar.append(this.count);
      button("›", "On (Page Down)", () => this.next());
      button("✕", "Back to the notebook (Escape)", () => this.stop());
      document.body.append(this.bar);
    }

    tell() {
      const { slides, place, pages, page } = this;
      const part = pages.length > 1 ? ` (${page + 1} of ${pages.length})` : "";
      this.count.textContent = `${place + 1} / ${slides.length}${part}`;
      const long = slides[place].cells.some(
        (cell) => cell.model.type === "code" && !cell.inputHidden && !isRead(cell));
      this.more.hidden = !long;
      this.note();
    }

    unfold() {
      this.unfolded = !this.unfolded;
      this.show(this.place, 0);
    }

    darken() {
      if (this.black) {
        this.black.remove();
        this.black = null;
      } else document.body.append((this.black = element("div", "lecture-slides-black")));
    }

    survey() {
      if (this.overview) {
        this.overview.remove();
        this.overview = null;
        return this.select(this.pages[this.page]);
      }
      this.overview = element("nav", "lecture-slides-overview");
      this.overview.setAttribute("aria-label", "All slides");
      const list = element("ol", "");
      this.slides.forEach((_, i) => {
        const { level, text } = titleOf(this.slides, i);
        const item = element("li", `lecture-level-${level}`);
        const link = element("button", "", text);
        if (i === this.place) link.setAttribute("aria-current", "true");
        link.addEventListener("click", () => { this.survey(); this.go(i); });
        item.append(link);
        list.append(item);
      });
      this.overview.append(list);
      document.body.append(this.overview);
      list.querySelector("[aria-current]").focus();
    }

    // --- notes ----------------------------------------------------------------------------------

    speak() {
      if (this.speaker && !this.speaker.closed) return this.speaker.focus();
      this.speaker = window.open("", "lecture-speaker", "width=760,height=720");
      if (!this.speaker) return; // the browser forbids windows here, and says so itself
      const page = this.speaker.document;
      page.title = "Notes";
      page.head.replaceChildren();
      this.letters = page.createElement("style");
      page.head.append(page.importNode(style, true), this.letters);
      page.body.className = "lecture-speaker";
      page.body.innerHTML = `<header><time></time><span></span></header><main></main><footer></footer>`;
      page.addEventListener("keydown", (event) => this.key(event));
      this.ticking = setInterval(() => this.time(), 1000);
      this.note();
    }

    time() {
      const page = this.speaker?.closed === false && this.speaker.document;
      if (page) page.querySelector("time").textContent = clock(Date.now() - this.began);
    }

    note() {
      if (!this.speaker || this.speaker.closed) return;
      const page = this.speaker.document;
      const { slides, place } = this;
      this.time();
      page.querySelector("span").textContent =
        `${this.count.textContent} · ${titleOf(slides, place).text}`;
      const rules = letters(); // the same again would load the fonts anew
      if (this.letters.textContent !== rules) this.letters.textContent = rules;
      page.querySelector("main").replaceChildren(
        ...slides[place].notes.flatMap(partOf).map((node) => page.importNode(node, true)));
      page.querySelector("footer").textContent =
        slides[place + 1] ? `Next: ${titleOf(slides, place + 1).text}` : "The last slide.";
    }

    // --- keys -----------------------------------------------------------------------------------

    /** Whether a key is answered here. A clicker's keys always are, wherever the focus is. */
    key(event) {
      if (event.ctrlKey || event.altKey || event.metaKey) return false;
      const { target, key, shiftKey } = event;
      const is = (selector) => Boolean(target.closest?.(selector));
      const writes = is(".cm-editor, textarea, input:not([type=radio], [type=checkbox]), select");
      const moves = is("[role=slider], .noUi-handle, input, select, canvas[tabindex]");
      const presses = is("button, summary, a, input, canvas[tabindex]");
      if (is(".jp-Dialog")) return false;
      const pages = key === "PageDown" ? 1 : key === "PageUp" ? -1 : 0;
      if (pages && this.black) this.darken(); // a clicker brings the light back, and no slide is lost
      else if (pages && this.overview) this.along(pages); // the list is what moves while it is open
      else if (pages === 1) this.next();
      else if (pages === -1) this.back();
      else if (key === "Escape") {
        if (is(".cm-editor")) return false; // it leaves the editor first
        if (this.overview) this.survey();
        else if (this.black) this.darken();
        else this.stop();
      } else if (writes) return false;
      else if (this.overview) {
        if (key === "Enter" || key === "Tab" || key === " ") return false;
        if (key === "o") this.survey();
        else this.along(NEXT.has(key) ? 1 : BACK.has(key) ? -1 : 0);
      } else if (key === " " ? presses : moves && (NEXT.has(key) || BACK.has(key))) return false;
      else if ((key === "Home" || key === "End") && moves) return false;
      else if (key === " " && shiftKey) this.back();
      else if (NEXT.has(key) && !shiftKey) this.next();
      else if (BACK.has(key) && !shiftKey) this.back();
      else if (key === "Home") this.go(0);
      else if (key === "End") this.go(this.slides.length - 1);
      else if (key === "o") this.survey();
      else if (key === "n") this.speak();
      else if (key === "c") this.unfold();
      else if (key === "u") this.uncover();
      else if (key === "b" || key === ".") this.darken();
      // Other letters are commands of the notebook: one that deletes a cell is not meant here.
      else return key.length === 1 ? key !== " " : key === "Enter" && !shiftKey && !presses;
      return true;
    }

    along(step) {
      const links = [...this.overview.querySelectorAll("button")];
      const place = links.indexOf(document.activeElement) + step;
      links[Math.min(Math.max(place, 0), links.length - 1)].focus();
    }
  }

  // --- what JupyterLab gets ---------------------------------------------------------------------

  function activate(app, palette) {
    let running = null;
    const current = () => {
      const panel = app.shell.currentWidget;
      return panel?.content?.notebookConfig && panel.content.widgets?.length ? panel : null;
    };
    const seen = new WeakMap(); // panel -> the cell and the page at which its slides were left
    const start = async (from) => {
      const panel = current();
      if (running || !panel) return;
      const place = from(panel);
      const { cell, page } = seen.get(panel) ?? {};
      const same = cell && panel.content.widgets[place] === cell;
      running = new Presentation(panel, place, same ? page : null, (where) => {
        seen.set(panel, where);
        running = null;
      });
      await running.start();
    };
    // The first time from the first; who has looked something up goes on where that was.
    const again = (panel) => (seen.has(panel) ? panel.content.activeCellIndex : 0);
    const isEnabled = () => current() !== null;
    const commands = {
      "slides:start": ["Slides", "Show this notebook as slides, from the first; again from the selected cell",
        () => start(again)],
      "slides:here": ["Slides from the selected cell", "Show this notebook as slides, from here",
        () => start((panel) => panel.content.activeCellIndex)],
      "slides:stop": ["Leave the slides", "Back to the notebook", () => running?.stop()],
    };
    for (const [id, [label, caption, execute]] of Object.entries(commands)) {
      app.commands.addCommand(id, { label, caption, execute, isEnabled });
      palette?.addItem({ command: id, category: "Slides" });
    }
    // On the window, and earlier than what an open explorer listens with: it asks who is meant.
    window.addEventListener("keydown", (event) => {
      if (!running?.slides || !running.key(event)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
    }, true);
  }

  let shared = null;
  const plugins = async () => {
    const [version] = Object.values(shared["@jupyterlab/apputils"]);
    const { ICommandPalette } = (await version.get())();
    const plugin = {
      id: `${NAME}:plugin`, autoStart: true, optional: [ICommandPalette], activate,
      description: "A notebook of the course as slides.",
    };
    return () => ({ __esModule: true, default: plugin });
  };
  window._JUPYTERLAB = window._JUPYTERLAB ?? {};
  window._JUPYTERLAB[NAME] = {
    init: (scope) => { shared = scope; },
    get: () => plugins(),
  };
})();
