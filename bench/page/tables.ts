import type { BenchResult } from "../report/result/result.js";
import { kernelFigures, kernelSpeed } from "../report/tables/figures.js";
import { figuresOf } from "../report/tables/merge.js";
import { adapterText, number, percent, WITHOUT_TIMESTAMPS } from "../report/tables/table.js";

/** A table with a head. */
function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): HTMLTableElement {
  const table = document.createElement("table");
  for (const [cells, tag, section] of [
    [[head], "th", table.createTHead()],
    [rows, "td", table.createTBody()],
  ] as const) {
    for (const row of cells) {
      const line = section.insertRow();
      for (const text of row) {
        const cell = document.createElement(tag);
        cell.textContent = text;
        line.append(cell);
      }
    }
  }
  return table;
}

/** The figures of a device and the medians of the jobs. */
export function figureTable(result: BenchResult): HTMLTableElement {
  return tableOf(["", adapterText(result.adapter)], [...figuresOf(result)]);
}

/** The kernels of each program. */
export function kernelTables({ profiles = [], roofline }: BenchResult): HTMLElement[] {
  return profiles.flatMap(({ title, profile }) => {
    if ("cannot" in profile) return paragraph(`Kernels of ${title}: not measured: ${profile.cannot}`);
    const head = [`kernel, in ${title} (${profile.clock})`, "ms", "GFLOP/s", "GB/s", "of the roofline"];
    const rows = profile.kernels.map((kernel) => {
      const { median } = kernel.time;
      const speed = kernelSpeed(kernel, median);
      const share = roofline && kernelFigures(kernel, median, roofline)?.share;
      return [
        kernel.name,
        speed ? number(median) : "under a tick",
        speed && kernel.multiplyAdds > 0 ? number(speed.gflops) : "",
        speed ? number(speed.gigabytesPerSecond) : "",
        share === undefined ? "" : percent(share),
      ];
    });
    const table = tableOf(head, rows);
    return profile.clock === "wall clock" ? [table, paragraph(WITHOUT_TIMESTAMPS)] : table;
  });
}

function paragraph(text: string): HTMLElement {
  const element = document.createElement("p");
  element.textContent = text;
  return element;
}
