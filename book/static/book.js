// The book's own script: predictions commit and reveal, exercises give hints, words explain
// themselves, and what was answered stays in this browser.  No request leaves the folder.
(() => {
  "use strict";
  const KEY = "geometry-of-training";
  const KINDS = ["predictions", "exercises", "goals"];
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const make = (tag, html = "", settings = {}) =>
    Object.assign(document.createElement(tag), { innerHTML: html }, settings);
  const escape = (text) => make("i", "", { textContent: text }).innerHTML;
  const root = one("html").dataset.content_root || "./";

  // --- memory: {notebook: {kind: {name: entry}}}, as the notebooks export it ---------------------

  let fallback = {}; // where a browser keeps nothing, answers last as long as the page
  const load = () => {
    try {
      return JSON.parse(localStorage.getItem(KEY)) || fallback;
    } catch {
      return fallback;
    }
  };
  const save = (stored) => {
    fallback = stored;
    try {
      localStorage.setItem(KEY, JSON.stringify(stored));
    } catch { /* a private window may refuse */ }
  };
  const get = (notebook, kind, name) => load()[notebook]?.[kind]?.[name] ?? null;
  const put = (notebook, kind, name, entry) => {
    const stored = load();
    const lesson = (stored[notebook] ??= {});
    KINDS.forEach((each) => (lesson[each] ??= {}));
    if (entry === null) delete lesson[kind][name];
    else lesson[kind][name] = entry;
    save(stored);
    document.dispatchEvent(new Event("lu-kept")); // a table on this page counts
  };
  const plain = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
  // What is kept, with the answers of a file over it, and how many these are; [null] for another file.
  const answersIn = (text) => {
    let read;
    try {
      read = JSON.parse(text);
    } catch {
      return [null];
    }
    if (!plain(read) || !Object.values(read).every(plain)) return [null];
    const stored = structuredClone(load());
    let count = 0;
    for (const [notebook, lesson] of Object.entries(read)) {
      for (const [kind, entries] of Object.entries(lesson)) {
        if (!KINDS.includes(kind) || !plain(entries) || !Object.values(entries).every(plain))
          return [null];
        for (const each of KINDS) (stored[notebook] ??= {})[each] ??= {};
        Object.assign(stored[notebook][kind], entries);
        count += Object.keys(entries).length;
      }
    }
    return count ? [stored, count] : [null];
  };
  const hidden = (card) => JSON.parse(one(".lu-hidden", card).textContent);

  // --- predictions ------------------------------------------------------------------------------

  let covers = [];
  const predictions = (lesson) => {
    covers = all(".lu-cover").map((cover) => new Cover(cover, lesson));
    for (const card of all(".lu-prediction")) {
      const { name } = card.dataset;
      const { answer, options, reveal } = hidden(card);
      const button = one("button", card);
      const radios = all("input", card);
      const show = (given) => {
        const right = given === answer;
        radios.forEach((radio) => {
          radio.checked = radio.value === given;
          radio.disabled = true;
        });
        button.textContent = "Committed";
        button.disabled = false; // the keyboard's place would be lost
        button.setAttribute("aria-disabled", "true");
        card.classList.add(right ? "lu-right" : "lu-wrong");
        const sign = right ? "✔ right" : "✘ not so";
        const lines = [`<b class="lu-mark">${sign}</b> <b>${escape(given)}</b>: ${options[given]}`];
        if (!right) {
          lines.push(`The right answer: <b>${escape(answer)}</b>. ${options[answer]}`);
        }
        if (reveal) lines.push(reveal);
        one(".lu-message", card).innerHTML = lines.map((line) => `<p>${line}</p>`).join("");
        covers.forEach((cover) => cover.look());
      };
      card.addEventListener("change", () => { button.disabled = false; });
      card.addEventListener("submit", (event) => {
        event.preventDefault();
        const chosen = radios.find((radio) => radio.checked && !radio.disabled);
        if (!chosen) return;
        put(lesson, "predictions", name, { answer: chosen.value, right: chosen.value === answer });
        show(chosen.value);
      });
      const before = get(lesson, "predictions", name)?.answer;
      if (before in options) show(before);
    }
  };

  // What follows a prediction, covered until it is committed or the reader lifts the cover.
  class Cover {
    constructor(element, lesson) {
      Object.assign(this, { element, lesson, names: element.dataset.for.split(" ") });
      this.sums = element.classList.contains("lu-sums");
      const many = this.names.length > 1 ? "s" : "";
      this.veil = make("div", this.sums
        ? `<p>What stands here answers the prediction${many} above. Commit ${many ? "them" : "it"},
          and it opens.</p>`
        : `<p>The answer is below. Commit your prediction${many} above, and it opens.</p>`,
      { className: "lu-veil" });
      const button = make("button", "Show it now", { type: "button", className: "lu-button" });
      button.addEventListener("click", () => {
        this.open();
        for (const other of covers) if (this.sums && other.alike(this)) other.open();
        element.tabIndex = -1;
        element.focus({ preventScroll: true });
      });
      this.veil.append(button);
      element.before(this.veil);
      this.look();
      // An address may name an explorer under the cover.
      const name = named();
      if (name && one(`[data-explorer="${CSS.escape(name)}"]`, element)) this.open();
    }

    look() {
      if (this.names.every((name) => get(this.lesson, "predictions", name))) this.open();
    }

    // Whether another sums up no more than this one.
    alike({ names }) {
      return this.sums && this.names.every((name) => names.includes(name));
    }

    get lifted() {
      return this.element.classList.contains("lu-open");
    }

    open() {
      this.veil.remove();
      this.element.classList.add("lu-open");
    }
  }

  // --- exercises --------------------------------------------------------------------------------

  const exercises = (lesson) => {
    for (const card of all(".lu-exercise")) {
      const { name } = card.dataset;
      const { hints, solution } = hidden(card);
      const [hint, show, done] = [one(".lu-hint", card), one(".lu-show", card), one("input", card)];
      const message = one(".lu-message", card);
      const box = one(".lu-solution", card);
      let shown = 0;
      const label = () => {
        hint.textContent = shown < hints.length ? `Hint ${shown + 1} of ${hints.length}`
          : "No more hints";
      };
      label();
      const tell = () => {
        if (shown === hints.length) return;
        message.append(make("p", `<b>Hint ${shown + 1}.</b> ${hints[shown]}`));
        shown += 1;
        label();
      };
      const solve = () => {
        box.innerHTML = solution;
        all("pre", box).forEach((pre) => { pre.tabIndex = 0; });
        box.hidden = false;
        delete show.dataset.asked;
        show.textContent = "Hide solution";
      };
      hint.addEventListener("click", tell);
      show.addEventListener("click", () => {
        if (!box.hidden) {
          box.hidden = true;
          show.textContent = "Show solution";
        } else if (show.dataset.asked || done.checked) solve();
        else {
          show.dataset.asked = "yes";
          show.textContent = "Sure? Press again";
        }
      });
      done.checked = Boolean(get(lesson, "exercises", name)?.solved);
      done.addEventListener("change", () => {
        put(lesson, "exercises", name, done.checked ? { solved: true } : null);
      });
      card.luTold = () => [shown, !box.hidden];
      card.luTell = ([count, solved]) => {
        for (let k = 0; k < count; k += 1) tell();
        if (solved) solve();
      };
    }
  };

  // --- back on a page: covers, folds, hints and the place are as they were ------------------------

  // A browser may throw a page away that a link has left, and come back to it as it is at first: on
  // telephones, and for every page from disk.  What it looked like is kept for this tab.
  const PAGE = `${KEY} ${location.pathname}`;
  const SETTLES = 4000; // ms in which pictures and formulas may still move the place
  const BLOCKS = ".bd-article :is(h1, h2, h3, p, li, tr, pre, figure, form, summary)";
  const LATER = ".lu-body, .lu-veil, .lu-message, .lu-solution, .lu-progress"; // made by scripts
  const blocks = () => all(BLOCKS).filter((block) => !block.closest(LATER));
  const cards = () => all(".lu-exercise");
  const folds = () => all(".bd-article details").filter((fold) => !fold.closest(LATER));
  // Below the bar at the top; a link to a section stops there, too.
  const ceiling = () => parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;

  const keepPage = () => {
    const line = ceiling();
    const seen = ({ width, height, bottom }) => width > 0 && height > 0 && bottom > line;
    const found = blocks();
    const at = found.findIndex((block) => seen(block.getBoundingClientRect()));
    const kept = {
      covers: covers.map((cover) => cover.lifted),
      folds: folds().map((fold) => fold.open),
      cards: cards().map((card) => card.luTold()),
      place: scrollY && at >= 0 ? [at, found[at].getBoundingClientRect().top] : null,
    };
    try {
      sessionStorage.setItem(PAGE, JSON.stringify(kept));
    } catch { /* a private window may refuse */ }
  };

  const keptPage = () => {
    const [{ type } = {}] = performance.getEntriesByType("navigation");
    if (type !== "back_forward" && type !== "reload") return null;
    try {
      return JSON.parse(sessionStorage.getItem(PAGE));
    } catch {
      return null;
    }
  };

  const comeBack = () => {
    addEventListener("pagehide", keepPage);
    document.addEventListener("visibilitychange", () => { if (document.hidden) keepPage(); });
    const kept = keptPage();
    if (!kept) return;
    covers.forEach((cover, k) => { if (kept.covers[k]) cover.open(); });
    folds().forEach((fold, k) => { fold.open = Boolean(kept.folds[k]); });
    cards().forEach((card, k) => card.luTell(kept.cards[k] ?? [0, false]));
    window.luPlaced = true; // no explorer that the address names scrolls to itself
    const block = kept.place && blocks()[kept.place[0]];
    if (!block) return;
    history.scrollRestoration = "manual";
    const hold = () => {
      scrollBy({ top: block.getBoundingClientRect().top - kept.place[1], behavior: "instant" });
    };
    const grows = new ResizeObserver(hold);
    const hands = ["wheel", "touchstart", "pointerdown", "keydown"];
    const settle = () => {
      grows.disconnect();
      hands.forEach((hand) => removeEventListener(hand, settle));
      history.scrollRestoration = "auto";
    };
    hold();
    grows.observe(one(".bd-article"));
    hands.forEach((hand) => addEventListener(hand, settle, { passive: true }));
    setTimeout(settle, SETTLES);
  };

  // --- where no font has Chinese, boxes would stand in its place: the English stays alone ---------

  let han; // whether two characters look unlike each other
  const markHan = () => {
    const drawn = (text) => {
      const pen = make("canvas", "", { width: 24, height: 24 }).getContext("2d");
      pen.font = "20px sans-serif";
      pen.fillText(text, 0, 20);
      return pen.getImageData(0, 0, 24, 24).data.join();
    };
    han ??= drawn("凸") !== drawn("鱻");
    document.documentElement.classList.toggle("lu-no-han", !han);
    return han;
  };
  window.luHan = markHan; // for the search

  // --- words that explain themselves --------------------------------------------------------------

  const SCROLLED = 24; // px; so much takes the bubble of a word away

  const words = () => {
    const told = window.luWords || {};
    const tip = make("div", "", { className: "lu-tip", id: "lu-tip", hidden: true });
    document.body.append(tip);
    let wait;
    let touch = false; // what pressed last was a finger
    let tapped = null; // the word whose bubble a finger has opened
    let height; // where the page was scrolled to then
    const hide = () => {
      clearTimeout(wait);
      tip.hidden = true;
      tapped = null;
    };
    const show = (term, more = false) => {
      const [word, text] = told[decodeURIComponent(term.hash.slice(1))] || [];
      if (!word) return false;
      clearTimeout(wait);
      markHan();
      tip.setAttribute("role", more ? "status" : "tooltip");
      tip.innerHTML = `<b>${escape(word)}</b> ${text}`
        + (more ? ` <a href="${escape(term.href)}">More in the glossary</a>` : "");
      tip.hidden = false;
      if (!more) term.setAttribute("aria-describedby", tip.id);
      const place = term.getClientRects()[0];
      const left = Math.min(place.left, innerWidth - tip.offsetWidth - 12);
      const below = place.bottom + 6;
      const fits = below + tip.offsetHeight < innerHeight;
      tip.style.left = `${Math.max(8, left) + scrollX}px`;
      tip.style.top = `${(fits ? below : place.top - tip.offsetHeight - 6) + scrollY}px`;
      return true;
    };
    // A finger points at nothing before it presses: its tap shows what a mouse sees by resting, where
    // the reader is, and a link in it leads on.
    const tap = (event) => {
      const term = event.currentTarget;
      if (!touch || !show(term, true)) return;
      event.preventDefault();
      [tapped, height] = [term, scrollY];
    };
    for (const term of all(".lu-term")) {
      for (const event of ["mouseenter", "focus"])
        term.addEventListener(event, () => { if (!touch) show(term); });
      term.addEventListener("click", tap);
      term.addEventListener("blur", () => { if (!tapped) hide(); });
      term.addEventListener("mouseleave", () => { if (!tapped) wait = setTimeout(hide, 250); });
    }
    tip.addEventListener("mouseenter", () => clearTimeout(wait));
    tip.addEventListener("mouseleave", () => { if (!tapped) hide(); });
    addEventListener("pointerdown", ({ pointerType, target }) => {
      touch = pointerType === "touch";
      if (tapped && !tip.contains(target)) hide();
    }, true);
    addEventListener("keydown", (event) => {
      touch = false;
      if (event.key === "Escape") hide();
    });
    addEventListener("scroll", () => { if (tapped && Math.abs(scrollY - height) > SCROLLED) hide(); });
    addEventListener("pagehide", hide);
  };

  // --- the page of progress ------------------------------------------------------------------------

  const progress = (box) => {
    const table = make("div", "", { className: "lu-table" });
    const row = make("div", "", { className: "lu-row" });
    const said = make("p", "", { className: "lu-message" });
    said.setAttribute("role", "status");
    const button = (text, act) => {
      const made = make("button", text, { type: "button", className: "lu-button" });
      made.addEventListener("click", () => act(made));
      row.append(made);
    };
    const draw = () => {
      const stored = load();
      const lines = (window.luTasks || []).map((lesson) => {
        const kept = stored[lesson.notebook] || {};
        const counts = KINDS.map((kind) => {
          const there = lesson[kind];
          const is = (name) => (kind === "exercises" ? kept[kind]?.[name]?.solved
            : kept[kind]?.[name]);
          return [there.filter(is).length, there.length];
        });
        const all = counts.every(([have, there]) => have === there);
        const cells = counts.map(([have, there]) => `<td>${have} of ${there}</td>`).join("");
        return `<tr><th scope="row"><a href="${root}${lesson.notebook}.html">
          ${escape(lesson.title)}</a>${all ? " ✔" : ""}</th>${cells}</tr>`;
      });
      table.innerHTML = `<table class="table"><thead><tr><th scope="col">lesson</th>
        <th scope="col">predicted</th><th scope="col">exercises solved</th>
        <th scope="col">goals reached</th></tr></thead><tbody>${lines.join("")}</tbody></table>`;
    };
    button("Export", () => {
      const text = JSON.stringify(load(), null, 1) + "\n";
      const link = make("a", "", {
        href: URL.createObjectURL(new Blob([text], { type: "application/json" })),
        download: "my_answers.json",
      });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
      said.textContent = "Written to my_answers.json, among your downloads.";
    });
    const file = make("input", "", { type: "file", accept: ".json,application/json", hidden: true });
    file.setAttribute("aria-label", "a file my_answers.json");
    button("Import", () => file.click());
    file.addEventListener("change", async () => {
      const [chosen] = file.files;
      if (!chosen) return;
      const [known, count] = answersIn(await chosen.text());
      if (known) {
        save(known);
        draw();
        said.textContent = `${chosen.name}: ${count} ${count === 1 ? "answer" : "answers"} read. `
          + "Where both had one, that of the file is kept.";
      } else {
        said.textContent = `${chosen.name} is not a file of answers: choose the my_answers.json `
          + "that Export wrote, here or in a notebook.";
      }
      file.value = ""; // the same file may be chosen again
    });
    button("Forget all", (pressed) => {
      if (!pressed.dataset.asked) {
        pressed.dataset.asked = "yes";
        pressed.textContent = "Sure? Press again";
        return;
      }
      delete pressed.dataset.asked;
      pressed.textContent = "Forget all";
      save({});
      draw();
      said.textContent = "All answers are forgotten.";
    });
    box.replaceChildren(table, row, file, said);
    draw();
    addEventListener("storage", draw); // another tab has answered
    addEventListener("pageshow", draw);
    document.addEventListener("lu-kept", draw);
  };

  // --- explorers: the player (recorded.js, after this script) loads each when it comes near --------

  const explorers = (lesson) => {
    if (!one(".lu-explorer")) return;
    answering = firstAnswers();
    const goal = (name) => name.replace(/^\d\d-/, "");
    window.luReached = (name) => get(lesson, "goals", goal(name)) !== null;
    document.addEventListener("lu-goal", ({ detail: { name, reached } }) => {
      put(lesson, "goals", goal(name), { reached });
    });
  };

  // --- formulas are set after the explorers in view answer, those in view first -------------------

  const PATIENCE = 1000; // ms that formulas wait for explorers, one of which may lack its recording
  const FEW = 40; // formulas between two looks at what the reader does
  let answering = Promise.resolve();

  const inView = (element) => {
    const { width, top, bottom } = element.getBoundingClientRect();
    return width > 0 && bottom > 0 && top < innerHeight;
  };
  const named = () => decodeURI(location.hash.slice(1)).split("?")[0];

  // Kept when every explorer that the reader sees at first is painted.
  const firstAnswers = () => new Promise((done) => {
    const seen = (figure) => figure.dataset.explorer === named() || inView(figure);
    const waiting = new Set(all(".lu-explorer[data-explorer]").filter(seen));
    const alive = ({ target }) => {
      waiting.delete(target);
      if (!waiting.size) done();
    };
    if (!waiting.size) done();
    document.addEventListener("lu-alive", alive);
    setTimeout(done, PATIENCE);
  });

  const pause = () => new Promise((done) => { setTimeout(done); });

  // The theme's scripts (site.py sets them aside) wait for explorers too: the page can be read and
  // its theme is set without them.
  const beginTheme = async () => {
    await answering;
    for (const { src } of all("script.lu-later"))
      document.head.append(make("script", "", { src, async: false }));
  };

  // MathJax is only begun when explorers in view have answered: it keeps a page busy.  Kept when all
  // formulas are set, at once on a page that has none.
  const beginFormulas = async () => {
    const waiting = one("script.lu-mathjax");
    if (!waiting) return;
    MathJax.startup = { pageReady: setFormulas };
    await answering;
    const script = make("script", "", { src: waiting.src });
    document.head.append(script);
    await new Promise((done, failed) => {
      script.addEventListener("load", done);
      script.addEventListener("error", failed);
    });
    await MathJax.startup.promise;
  };

  const setFormulas = async () => {
    const formulas = all(".math");
    const first = formulas.filter(inView);
    await MathJax.typesetPromise(first);
    const others = formulas.filter((formula) => !first.includes(formula));
    while (others.length) {
      await pause();
      await MathJax.typesetPromise(others.splice(0, FEW));
    }
  };

  // --- what is wider than its column can be scrolled, also by keyboard ----------------------------

  // Each is looked at when it, or the column of a formula, gets a size: at first, when the window
  // changes, and when a fold opens, inside which nothing has a width.
  const scrolled = () => {
    const column = (formula) => formula.closest("p, li, td, dd, div.math, .bd-article");
    const looks = new Map(); // element -> what to do when its size is another
    const mark = (formula) => {
      formula.classList.remove("lu-wide");
      formula.removeAttribute("tabindex");
      const room = column(formula).getBoundingClientRect();
      if (!room.width) return;
      // A formula on a line of its own scrolls already; one in a sentence sticks out.
      const scrolls = getComputedStyle(formula).overflowX !== "visible";
      if (!scrolls && formula.getBoundingClientRect().right < room.right + 1) return;
      if (scrolls && formula.scrollWidth <= formula.clientWidth) return;
      if (!scrolls) formula.classList.add("lu-wide");
      formula.tabIndex = 0;
    };
    const seen = new ResizeObserver((entries) => {
      for (const { target } of entries) looks.get(target)();
    });
    const watch = (element, look) => {
      looks.set(element, look);
      seen.observe(element);
    };
    // A fade at the edge beyond which it goes on (book.css).
    const showEdges = (element) => {
      const { scrollLeft, scrollWidth, clientWidth, classList } = element;
      classList.toggle("lu-before", scrollLeft > 1);
      classList.toggle("lu-after", scrollLeft + clientWidth < scrollWidth - 1);
    };
    const fades = (element) => {
      element.addEventListener("scroll", () => showEdges(element), { passive: true });
    };
    for (const code of all("pre")) {
      watch(code, () => {
        code.tabIndex = code.scrollWidth > code.clientWidth ? 0 : -1;
        showEdges(code);
      });
      fades(code);
    }
    for (const table of all(".lu-table, .pst-scrollable-table-container")) {
      watch(table, () => showEdges(table));
      fades(table);
    }
    window.luFormulas.then(() => {
      for (const place of new Set(all("mjx-container").map(column)))
        watch(place, () => all("mjx-container", place).forEach(mark));
    });
  };

  // --- the contents beside the text mark where the reader is --------------------------------------

  // The theme's script marks a section when its heading comes into view: after a jump, on the way
  // up, or in a section of many screens it marks another.  So the list is taken from it (it knows it
  // by its id, and begins later than this script), and is marked by where the headings are.
  const contents = () => {
    const list = one("#pst-page-toc-nav");
    if (!list) return;
    list.id = "lu-contents";
    const target = (link) => document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const entries = all("a", list).map((link) => [link, target(link)])
      .filter(([, section]) => section);
    if (!entries.length) return;
    let marked;
    const mark = () => {
      const line = 0.3 * innerHeight;
      const passed = entries.filter(([, section]) => section.getBoundingClientRect().top < line);
      const end = scrollY + innerHeight > document.documentElement.scrollHeight - 2;
      const [now] = (end && scrollY ? entries : passed).at(-1) || [];
      if (now === marked) return;
      for (const [link] of entries) {
        link.classList.toggle("active", link === now);
        if (link === now) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
      for (const entry of all(".toc-entry", list))
        entry.classList.toggle("active", Boolean(now) && entry.contains(now));
      marked = now;
      if (now) keepInView(now);
    };
    // A list longer than the window is scrolled along, the page is not.
    const keepInView = (link) => {
      const column = link.closest(".bd-sidebar-secondary");
      const [edge, place] = [column.getBoundingClientRect(), link.getBoundingClientRect()];
      if (place.bottom > edge.bottom - 40) column.scrollTop += place.bottom - edge.bottom + 80;
      if (place.top < edge.top + 40) column.scrollTop -= edge.top - place.top + 80;
    };
    let asked = false;
    const look = () => {
      if (asked) return;
      asked = true;
      requestAnimationFrame(() => {
        asked = false;
        mark();
      });
    };
    for (const event of ["scroll", "resize", "load", "hashchange"]) addEventListener(event, look);
    new ResizeObserver(look).observe(one(".bd-article")); // pictures arrive, folds and covers open
    look();
  };

  const start = () => {
    const lesson = one(".lu-lesson")?.dataset.lesson;
    if (lesson) {
      explorers(lesson); // first: while they load, the rest is done
      predictions(lesson);
      exercises(lesson);
      comeBack();
    }
    beginTheme();
    window.luFormulas = beginFormulas();
    contents();
    words();
    if (one(":lang(zh-Hant)")) markHan();
    addEventListener("load", scrolled);
    all(".lu-progress").forEach(progress);
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
