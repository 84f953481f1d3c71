// The search: sections in which every word of the question occurs, titles first, with an excerpt;
// where no section holds all of them, those that hold most, the rare ones first.
// The sections are in sections.js, which the build writes; nothing is fetched.
(() => {
  "use strict";
  const STOP = new Set(("a an and are as at be but by can could did do does for from get go goes "
    + "had has have how i if in into is it its me my no not of on or our should so than that the "
    + "their then there they this to was we were what when where which who why will with would you "
    + "your").split(" "));
  const MOST = 40; // places that are shown
  const LOOK = 220; // characters of an excerpt
  const WORD = /[\p{L}\p{N}]+/gu;
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const stem = (word) => (word.length > 3 ? word.replace(/(?<!s)s$/, "") : word);
  const make = (tag, settings = {}, ...children) => {
    const made = Object.assign(document.createElement(tag), settings);
    made.append(...children);
    return made;
  };

  // [word, where it begins, where it ends] of a text, letter by letter as it is written.
  const spots = (text) => [...text.matchAll(WORD)].map((found) =>
    [fold(found[0]), found.index, found.index + found[0].length]);
  const asked = (question) => {
    const all = spots(question).map(([word]) => word);
    const telling = all.filter((word) => !STOP.has(word));
    return [...new Set(telling.length ? telling : all)];
  };
  // "vanish" for "vanishing": only where the word as it was written finds too little.
  const root = (word) => (word.length > 6 ? word.replace(/(ing|ed|es|s|e)$/, "") : stem(word));

  let sections; // [page, its title, anchor, title, text, words of the title, places in the text]
  const read = () => {
    if (sections) return sections;
    const plain = window.luHan?.() === false; // no font has Chinese: book.js
    const shown = (text) => (plain ? text.replace(/^[^·]*\p{Script=Han}[^·]* · /u, "") : text);
    sections = (window.luSections || []).map(([page, top, anchor, title, told]) => {
      const text = shown(told);
      return [page, top, anchor, title, text, spots(title || top).map(([word]) => word), spots(text)];
    });
    return sections;
  };

  // How well a section answers; 0 where a word does not occur in it.
  const score = ([page, top, , , , title, text], words) => {
    let sum = 0;
    let titled = 0;
    for (const word of words) {
      const here = title.find((one) => one.startsWith(word));
      const count = text.filter(([one]) => one.startsWith(word)).length;
      if (here) titled += 1;
      if (here) sum += stem(here) === word ? 12 : 8;
      else if (!count) return 0;
      sum += Math.min(count, 8) / 4;
    }
    const glossary = page === "glossary.html";
    if (titled === words.length) sum += (glossary ? 30 : 10) + 10 / title.length;
    if (title[0]?.startsWith(words[0])) sum += 3; // "saddle point" before "monkey saddle"
    if (/^\d\d /.test(top)) sum += 3; // a lesson, before the pages to look up
    if (/^(teaching|scorecard)\./.test(page)) sum /= 4; // their titles are those of the lessons
    return Math.max(sum, 0.1);
  };

  // Every section that holds all words, the best first: [how well, the section, the words].
  const whole = (words) => read().map((row) => [score(row, words), row, words])
    .filter(([worth]) => worth).sort(([a], [b]) => b - a);

  // Every section that holds some words: more words first, of as many the rarer ones.
  const partial = (words) => {
    const rows = read();
    const holds = words.map((word) => new Set(rows.filter((row) => score(row, [word]))));
    const rare = holds.map(({ size }) => Math.log((rows.length + 1) / (size + 1)));
    const worth = (row) => {
      const held = words.filter((_, k) => holds[k].has(row));
      const rarity = words.reduce((sum, _, k) => sum + (holds[k].has(row) ? rare[k] : 0), 0);
      return held.length && [held.length, rarity, score(row, held), row, held];
    };
    return rows.map(worth).filter(Boolean)
      .sort((a, b) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])
      .map(([, , how, row, held]) => [how, row, held]);
  };

  // The stretch of a text with the most of the words, the words marked.
  const excerpt = (text, places, words) => {
    const said = (one) => words.find((word) => one.startsWith(word));
    const hits = places.filter(([one]) => said(one));
    const often = {};
    for (const [one] of hits) often[said(one)] = (often[said(one)] || 0) + 1;
    let from = 0;
    let best = 0;
    for (const [, at] of hits) {
      const within = hits.filter(([, place]) => place >= at && place < at + LOOK);
      const here = new Set(within.map(([one]) => said(one)));
      // Each word counts once, a rare one and one asked earlier more; then how many there are.
      const worth = [...here].reduce((sum, word) =>
        sum + 1 + 1 / often[word] - words.indexOf(word) / 100, 0) + within.length / 10000;
      if (worth > best) [from, best] = [at, worth];
    }
    from = Math.max(0, from - 60);
    if (from) from = text.indexOf(" ", from) + 1;
    let to = Math.min(text.length, from + LOOK + 60);
    if (to < text.length) to = Math.max(text.lastIndexOf(" ", to), from + 1);
    const parts = [from ? "… " : ""];
    let done = from;
    for (const [, at, end] of hits) {
      if (at < done || end > to) continue;
      parts.push(text.slice(done, at), make("mark", { textContent: text.slice(at, end) }));
      done = end;
    }
    parts.push(text.slice(done, to), to < text.length ? " …" : "");
    return parts;
  };

  const show = (question) => {
    const box = document.querySelector("#search-results");
    const telling = asked(question);
    const all = telling.length ? whole([...new Set(telling.map(stem))]) : [];
    const some = telling.length && !all.length ? partial([...new Set(telling.map(root))]) : [];
    const found = all.length ? all : some;
    const counted = `${found.length} ${found.length === 1 ? "place" : "places"}`
      + (found.length > MOST ? `; the first ${MOST}:` : ":");
    const these = found.length > MOST ? `these ${MOST} hold some:`
      : found.length > 1 ? "these hold some:" : "this one holds some:";
    const said = !telling.length ? "Type a word, such as saddle."
      : all.length ? counted
        : !some.length ? `Nothing holds any word of “${question.trim()}”.`
          : `No place holds all of: ${telling.join(", ")}; ${these}`;
    const items = found.slice(0, MOST).map(([, [page, top, anchor, title, text, , places], words]) => {
      const link = make("a", { href: page + (title ? `#${anchor}` : "") }, top, ...(title
        ? [make("span", { className: "lu-then", textContent: " › " }), make("b", {}, title)] : []));
      return make("li", {}, link, make("p", {}, ...excerpt(text, places, words)));
    });
    box.replaceChildren(make("p", { className: "lu-count", textContent: said }),
      make("ol", { className: "lu-found" }, ...items));
  };

  const start = () => {
    const input = document.querySelector(".bd-search-container input");
    input.value = new URLSearchParams(location.search).get("q") || "";
    show(input.value);
    let wait;
    input.addEventListener("input", () => {
      clearTimeout(wait);
      wait = setTimeout(show, 150, input.value);
    });
    if (!input.value) input.focus();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();
