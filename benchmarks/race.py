"""Frames per second of notebook 07's race while it plays, in Chromium under JupyterLab.

The claim: all seven racers on the ravine, played at 30 steps a second, give at least 15 new
pictures a second on two quiet cores, and never more than one request for a frame is under way.
Counted on the page: changes of the canvas's ``data-frame`` (a new picture was painted) during 5 s.
The exit status says whether it holds.

Run ``python benchmarks/race.py [repeats]``.
"""

import os
import sys

from explorer_latency import running

SECONDS, WANTED = 5, 15
CELL = """
from lecture_utils.lessons.optimizer_comparison import explorers as optimizer_comparison
race = optimizer_comparison.Race()
race.set(Nesterov=True, RMS=True, Lion=True, speed=30)
race
"""
# Counts the requests for a frame and the answers on the wire.
_WIRE = """
const ticks = window.ticks = { sent: 0, answered: 0, most: 0 };
const text = (data) => typeof data === "string" ? data : new TextDecoder().decode(data);
window.WebSocket = class extends window.WebSocket {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data }) => {
      if (/"_ack"/.test(text(data))) ticks.answered = Math.min(ticks.answered + 1, ticks.sent);
    });
  }
  send(data) {
    if (/"kind": ?"tick"/.test(text(data))) {
      ticks.sent += 1;
      ticks.most = Math.max(ticks.most, ticks.sent - ticks.answered);
    }
    super.send(data);
  }
};
"""
_COUNT = """async (seconds) => {
  const canvas = document.querySelector(".lecture-picture canvas");
  const times = [];
  const watch = new MutationObserver(() => times.push(performance.now()));
  watch.observe(canvas, { attributeFilter: ["data-frame"] });
  await new Promise((r) => setTimeout(r, 1000 * seconds));
  watch.disconnect();
  const gaps = times.slice(1).map((t, i) => t - times[i]).sort((a, b) => a - b);
  return { perSecond: times.length / seconds, median: gaps[gaps.length >> 1],
    slow: gaps[Math.floor(0.9 * gaps.length)], ...window.ticks };
}"""


def main(repeats: int) -> int:
    """Play the race ``repeats`` times and print one line for each; 0 if the median holds."""
    found = []
    with running("race", [CELL], _WIRE) as notebook:
        play = notebook.page.get_by_role("button", name="Play")
        load = os.getloadavg()[0]
        for _ in range(repeats):
            play.click()  # at its last step, so it starts from the first
            notebook.page.wait_for_timeout(500)
            found.append(notebook.page.evaluate(_COUNT, SECONDS))
            play.wait_for(timeout=30_000)  # "Pause" reads "Play" again at the end
    print(f"{os.cpu_count()} cores, load average {load:.1f} before, {os.getloadavg()[0]:.1f} after")
    for run in found:
        print(
            f"{run['perSecond']:5.1f} frames a second; between frames {run['median']:.0f} ms, "
            f"90 % within {run['slow']:.0f} ms; at most {run['most']} request under way"
        )
    rate = sorted(run["perSecond"] for run in found)[len(found) // 2]
    alone = min(run["sent"] for run in found) > 0 and max(run["most"] for run in found) == 1
    print(f"at least {WANTED} frames a second: {'yes' if rate >= WANTED else 'NO'}")
    print(f"requests never queue: {'yes' if alone else 'NO'}")
    return 0 if rate >= WANTED and alone else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 3))
