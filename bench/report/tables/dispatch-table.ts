import type { Roofline } from "../../harness/roofline/roofline.js";
import type { DispatchRows, DispatchTimes } from "../../measure/dispatches.js";
import { kernelFigures, kernelSpeed } from "./figures.js";
import { number, percent, table, WITHOUT_TIMESTAMPS } from "./table.js";

/** What the figures of a time are made from. */
type Work = Pick<DispatchTimes, "multiplyAdds" | "bytes" | "footprint">;

/** All dispatches of a pass together. */
interface PassSum {
  readonly pass: DispatchTimes["pass"];
  readonly dispatches: number;
  readonly work: Work;
  readonly time: number;
}

/** A table of dispatches, with their sums by pass, and how they were timed. */
export function dispatchTable(
  title: string,
  { dispatches, whole, clock }: DispatchRows,
  roofline: Roofline | undefined,
): string {
  const rows = dispatches.map((each) => {
    const name = `${each.name} [${each.workgroups.join(", ")}]`;
    return [name, ...figureCells(each, each.time.median, roofline, number(each.time.p90))];
  });
  const passes = passSums(dispatches)
    .filter(() => dispatches.length > 1)
    .map(({ pass, work, time }) => [`${pass}, all`, ...figureCells(work, time, roofline, "")]);
  const all = ["the whole, with its submission", number(whole.median), number(whole.p90), "", "", ""];
  const head = [`dispatch [workgroups], in ${title}`, "ms", "p90", "GFLOP/s", "GB/s", "of the roofline"];
  const timing = clock === "wall clock" ? WITHOUT_TIMESTAMPS : "Dispatches are timed by GPU timestamps.";
  return `${table(head, [...rows, ...passes, all])}\n\n${timing} Samples: ${whole.samples}.`;
}

/** A table of the cases of a sweep, each with the sums of its passes. */
export function sweepTable(
  cases: readonly (DispatchRows & { readonly title: string })[],
  roofline: Roofline | undefined,
): string {
  const rows = cases.flatMap(({ title, dispatches }) =>
    passSums(dispatches).map(({ pass, work, time, dispatches }) => [
      `${title}, ${pass}`,
      String(dispatches),
      ...figureCells(work, time, roofline),
    ]),
  );
  return table(["the sweep", "dispatches", "ms", "GFLOP/s", "GB/s", "of the roofline"], rows);
}

/** @param p90 a cell after the time, if there is such a column. */
function figureCells(work: Work, time: number, roofline: Roofline | undefined, ...p90: string[]): string[] {
  const figures = kernelSpeed(work, time);
  const limit = roofline && kernelFigures(work, time, roofline);
  return [
    figures ? number(time) : "under a tick",
    ...p90,
    figures && work.multiplyAdds > 0 ? number(figures.gflops) : "",
    figures ? number(figures.gigabytesPerSecond) : "",
    limit ? `${percent(limit.share)} (${limit.roof})` : "",
  ];
}

function passSums(dispatches: readonly DispatchTimes[]): PassSum[] {
  return (["forward", "gradient"] as const).flatMap((pass) => {
    const own = dispatches.filter((each) => each.pass === pass);
    if (own.length === 0) return [];
    const sum = (pick: (each: DispatchTimes) => number): number =>
      own.reduce((total, each) => total + pick(each), 0);
    return [
      {
        pass,
        dispatches: own.length,
        work: { multiplyAdds: sum((each) => each.multiplyAdds), bytes: sum((each) => each.bytes) },
        time: sum((each) => each.time.median),
      },
    ];
  });
}
