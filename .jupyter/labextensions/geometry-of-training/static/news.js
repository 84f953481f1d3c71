// `make lab` writes into this file what has changed in the course since the student's copy was
// made.

const NEWS = "what_is_new.md";

export async function tellNews(app) {
  const { contents } = app.serviceManager;
  const folder = await contents.get("", { content: true });
  const file = folder.content.find(({ name }) => name === NEWS);
  const seen = `lecture-news ${file?.last_modified}`;
  if (!file || localStorage.getItem(seen)) return;
  const done = () => localStorage.setItem(seen, "seen");
  await app.commands.execute("apputils:notify", {
    // JupyterLab shows 140 letters.
    message: "The course has changed. What you worked in is as you left it; its new version lies " +
      "beside it, named new_….",
    type: "info",
    options: {
      autoClose: false,
      actions: [{
        label: "What is new",
        displayType: "accent",
        callback: () => {
          done();
          app.commands.execute("docmanager:open", { path: NEWS, factory: "Markdown Preview" });
        },
      }, { label: "Not now", callback: done }],
    },
  });
}
