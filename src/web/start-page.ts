import { listenForFiles } from "./intake.js";
import { Page } from "./page.js";
import { isDrawingName } from "./shared/drawing-names.js";
import { webGpuProblem } from "./webgpu-problem.js";

/**
 * Does the page's part: answers its visitor.
 * @param code address of the file in which the page's code and its worker's are.
 */
export function startPage(code: string): void {
  const page = new Page(code);

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
}
