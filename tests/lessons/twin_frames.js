// What twins draw, without a page: node twin_frames.js recorded.js NAME.js < states.json
// writes for each state the operations, the sentence, the goal and the places of points.
"use strict";

const fs = require("fs");

class Sheet {
  getContext() {
    const sheet = this;
    return {
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData(pixels) { sheet.pixels = Array.from(pixels.data); },
    };
  }
}
globalThis.window = globalThis;
globalThis.matchMedia = () => ({ matches: true });
globalThis.document = {
  readyState: "loading",
  addEventListener() {},
  createElement: () => new Sheet(),
};
const [player, script] = process.argv.slice(2);
const run = (path) => (0, eval)(fs.readFileSync(path, "utf8"));
run(player);
let found;
globalThis.luExplorer = (name, data, source) => { found = [data, source]; };
run(script);
const twin = new globalThis.luParts.Twin(...found);
const told = JSON.parse(fs.readFileSync(0, "utf8")).map((values) => {
  const frame = twin.frame(values);
  return {
    tell: globalThis.luHelp.typeset(frame.tell), // as the page shows it
    goal: frame.goal || "",
    places: frame.places,
    back: frame.back,
    operations: twin.artists.map((artist) => artist.shownLooks.filter(Boolean).map((look) => ({
      kind: look.kind,
      style: look.style,
      x: Array.from(look.x, (v) => (Number.isNaN(v) ? null : v)),
      y: Array.from(look.y, (v) => (Number.isNaN(v) ? null : v)),
      text: look.text,
      pixels: look.picture?.pixels,
    }))),
  };
});
process.stdout.write(JSON.stringify(told));
