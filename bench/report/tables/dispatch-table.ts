import type { Roofline } from "../../harness/roofline/roofline.js";
import type { DispatchRows, DispatchTimes } from "../../measure/dispatches.js";
import { kernelFigures, kernelSpeed } from "./figures.js";
import { number, percent, table } from "./table.js";

/** A table of dispatches, with their sums by pass. */
export function dispatchTable(
  title: string,
  { dispatches, whole }: DispatchRows,
  roofline: Roofline | undefined,
): string {
  const cells = (
    name: string,
    each: Pick<DispatchTimes, "multiplyAdds" | "bytes" | "footprint">,
    time: number,
    p90: string,
  ): string[] => {
    const figures = kernelSpeed(each, time);
    const limit = roofline && kernelFigures(each, time, roofline);
    return [
      name,
      figures ? number(time) : "under a tick",
      p90,
      figures && each.multiplyAdds > 0 ? number(figures.gflops) : "",
      figures ? number(figures.gigabytesPerSecond) : "",
      limit ? `${percent(limit.share)} (${limit.roof})` : "",
    ];
  };
  const rows = dispatches.map((each) =>
    cells(`${each.name} [${each.workgroups.join(", ")}]`, each, each.time.median, number(each.time.p90)),
  );
  const passes = (["forward", "gradient"] as const).flatMap((pass) => {
    const own = dispatches.filter((each) => each.pass === pass);
    if (own.length === 0 || dispatches.length === 1) return [];
    const sum = (pick: (each: DispatchTimes) => number): number =>
      own.reduce((total, each) => total + pick(each), 0);
    const work = { multiplyAdds: sum((each) => each.multiplyAdds), bytes: sum((each) => each.bytes) };
    return [
      cells(
        `${pass}, all`,
        work,
        sum((each) => each.time.median),
        "",
      ),
    ];
  });
  const all = ["the whole, with its submission", number(whole.median), number(whole.p90), "", "", ""];
  const head = [`dispatch [workgroups], in ${title}`, "ms", "p90", "GFLOP/s", "GB/s", "of the roofline"];
  return table(head, [...rows, ...passes, all]);
}
