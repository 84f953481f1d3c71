// What the course adds to JupyterLab: to each open notebook its parts, each a function of the
// notebook, and once the news. Without this extension the notebooks work, and say less.
//
//   stills.js    saved or ended widgets: their still picture or text, and how to make them live
//   covers.js    outputs that answer a prediction stay covered until it is committed
//   order.js     a cell that was run too early says which one to run first
//   opened.js    a notebook that was only opened is not saved
//   reruns.js    long cells count their seconds; a page does not jump while a cell runs again
//   news.js      what has changed in the course since the student's copy was made

const version = new URL(import.meta.url).search; // as container.js says
const { coverAnswers, uncoverAll } = await import(`./covers.js${version}`);
const { tellNews } = await import(`./news.js${version}`);
const { injectStyle } = await import(`./notes.js${version}`);
const { stayClean } = await import(`./opened.js${version}`);
const { explainOrder } = await import(`./order.js${version}`);
const { steadyReruns } = await import(`./reruns.js${version}`);
const { keepStills } = await import(`./stills.js${version}`);

export default ({ INotebookTracker, NotebookActions }) => [
  {
    id: "geometry-of-training:notebooks",
    autoStart: true,
    requires: [INotebookTracker],
    activate: (app, tracker) => {
      injectStyle();
      const kit = { app, NotebookActions };
      const dress = async (panel) => {
        await panel.context.ready;
        for (const part of [stayClean, keepStills, coverAnswers, explainOrder, steadyReruns]) part(panel, kit);
      };
      tracker.forEach(dress);
      tracker.widgetAdded.connect((_, panel) => { dress(panel); });
      app.commands.addCommand("course:uncover", {
        label: "Uncover All Answers",
        isEnabled: () => tracker.currentWidget !== null,
        execute: () => uncoverAll(tracker.currentWidget),
      });
    },
  },
  {
    id: "geometry-of-training:news",
    autoStart: true,
    activate: (app) => { app.restored.then(() => tellNews(app)); },
  },
];
