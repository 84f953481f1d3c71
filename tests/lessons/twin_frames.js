// What twins draw, without a page: node twin_frames.js recorded.js NAME.js < states.json
// writes for each state the operations, the sentence, the goal and the places of points.
"use strict";

const fs = require("fs");
const vm = require("vm");

class Sheet {
  getContext() {
    const sheet = this;
    return {
      createImageData: (width, height) => ({ data: new Uint8ClampedArray(4 * width * height) }),
      putImageData(pixels) { sheet.pixels = Array.from(pixels.data); },
    };
  }
}
const page = {
  matchMedia: () => ({ matches: true }),
  document: {
    readyState: "loading",
    addEventListener() {},
    createElement: () => new Sheet(),
  },
};
page.window = page;
const [player, script] = process.argv.slice(2);
const context = vm.createContext({ ...page, structuredClone });
context.window = context;
vm.runInContext(fs.readFileSync(player, "utf8"), context);
let found;
context.luExplorer = (name, data, source) => { found = [data, source]; };
vm.runInContext(fs.readFileSync(script, "utf8"), context);
const twin = new context.luParts.Twin(...found);
const told = JSON.parse(fs.readFileSync(0, "utf8")).map((values) => {
  const frame = twin.frame(values);
  return {
    tell: frame.tell,
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
