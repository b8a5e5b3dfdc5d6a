import { isDrawingName } from "./drawings/names.js";
import { listenForFiles } from "./intake.js";
import { Page } from "./page.js";
import { webGpuProblem } from "./webgpu-problem.js";

const page = new Page();

listenForFiles({
  onFile: (file) => void page.openFile(file),
  onRefused: (message) => page.warn(message),
});
for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-drawing]")) {
  button.addEventListener("click", () => {
    const { drawing } = button.dataset;
    if (isDrawingName(drawing)) page.draw(drawing);
  });
}
void webGpuProblem().then((problem) => {
  if (problem) page.warn(problem);
});
