// The clinic: treatments that were trained beforehand, every patient with one knob turned.
({ fmt, numbers, range, clip, typeset }, { fields, patients, runs, fine }) => {
  const summed = (text) => {
    let sum = 0;
    return numbers(text).map((step) => (sum += step) / fine);
  };
  const read = new Map();
  const courseOf = (key) => {
    if (!(key in runs)) return null;
    if (!read.has(key)) {
      const told = runs[key];
      read.set(key, {
        ...told,
        train: summed(told.train),
        test: summed(told.test),
        slope: summed(told.slope).map((e) => 10 ** e),
      });
    }
    return read.get(key);
  };
  const turned = (patient, knobs) => fields.flatMap((name, k) => {
    const own = patients[patient][k];
    const same = typeof own === "number" ? Math.abs(knobs[k] - own) <= 1e-8 + 0.02 * Math.abs(own) : knobs[k] === own;
    return same ? [] : [[name, knobs[k]]];
  });
  const words = ({ train, test, accuracy, dead, lost }, who, wanted) => {
    const step = clip(wanted, 0, train.length - 1);
    if (lost >= 0 && lost <= step) return `${who}: <b>diverged at step ${lost}</b>.`;
    return `${who}, step ${step}: loss ${fmt(train[step], ".2f")} in training, ${fmt(test[step], ".2f")} in ` +
      `the test; at the end <b>${fmt(accuracy, ".2f")}</b> of the test images are right; units dead at the ` +
      `start ${fmt(100 * dead[0], ".0f")} %, at the end ${fmt(100 * dead[1], ".0f")} %.`;
  };
  const knobsOf = (values) => fields.map((name) => values[name]);
  return {
    reads: ["patient", "treat"],
    follow(changed, { patient }) {
      if (!changed.has("patient")) return {};
      return { ...Object.fromEntries(fields.map((name, k) => [name, patients[patient][k]])), treat: null };
    },
    note: "These trainings were run beforehand: every patient with one knob turned, or with all as in a " +
      "healthy network. The notebook trains what you set.",
    compute({ patient, treat }) {
      const before = courseOf(patient);
      if (!treat) return { before, after: null, names: [], missing: false };
      const changes = turned(patient, treat);
      const after = courseOf(changes.length ? `${patient} ${JSON.stringify(changes)}` : patient);
      return { before, after, names: changes.map(([name]) => name), missing: !after };
    },
    draw(r, { probe_at: [x], learning_rate: rate, scale, bias }, a) {
      for (const who of ["before", "after"]) {
        for (const name of ["train", "test", "slope"]) {
          const [line, course] = [a.curves[`${who}_${name}`], r[who]];
          const ceiling = name === "slope" ? 1e3 : 4.2;
          if (!course) line.hide();
          else line.data(range(course[name].length).map((k) => k + 1), course[name].map((e) => clip(e, 1e-7, ceiling)));
        }
      }
      a.probe.data([x, x], [0, 4]);
      a.plan.text(typeset(`next: η ${fmt(rate, ".3g")}, scale ${fmt(scale, ".3g")}, bias ${fmt(bias, ".1f")}`));
    },
    tell(r, values) {
      const at = values.probe_at[0];
      const step = (Math.abs(at % 1) === 0.5 ? 2 * Math.round(at / 2) : Math.round(at)) - 1;
      const came = words(r.before, "As it came", step);
      if (r.after) return `${came}<br>${words(r.after, "Treated", step)}`;
      const turnedSince = values.treat && knobsOf(values).some((e, k) => e !== values.treat[k]);
      if (r.missing && !turnedSince) {
        return `${came}<br><b>This treatment was not trained beforehand</b>: turn one knob only, or train it in ` +
          "the notebook.";
      }
      return `${came}<br>Knobs turned: ${turned(values.patient, knobsOf(values)).length || "none"}; press ` +
        "<b>Treat</b> to train.";
    },
    goal(r) {
      if (!r.after?.healed || r.names.length !== 1 || r.names[0] === "steps") return null;
      return `${r.names[0]} alone took the test accuracy from ${fmt(r.before.accuracy, ".2f")} to ` +
        `${fmt(r.after.accuracy, ".2f")}.`;
    },
  };
};
