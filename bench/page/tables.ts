import type { BenchResult } from "../report/result/result.js";
import { kernelFigures, kernelSpeed } from "../report/tables/figures.js";
import { figuresOf } from "../report/tables/merge.js";
import { number, percent } from "../report/tables/table.js";

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
  return tableOf(["", result.adapter.name], [...figuresOf(result)]);
}

/** The kernels of each program. */
export function kernelTables({ profiles = [], roofline }: BenchResult): HTMLElement[] {
  return profiles.map(({ title, profile }) => {
    if ("cannot" in profile) {
      const text = document.createElement("p");
      text.textContent = `Kernels of ${title}: not measured: ${profile.cannot}`;
      return text;
    }
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
    return tableOf(head, rows);
  });
}
