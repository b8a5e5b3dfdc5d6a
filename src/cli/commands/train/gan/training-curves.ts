import type { LogEntry } from "../../../../node/runs/run-folder.js";
import { type Chart, lineCharts } from "./line-chart.js";

const X_LABEL = "outer step";

const LOSSES = [
  ["kernelPixels", "kernel, L1"],
  ["adversarial", "adversarial"],
  ["sumToOne", "sum to one"],
  ["discriminator", "discriminator"],
  ["width", "width of the blur, px⁴"],
  ["lean", "lean of the blur, px⁴"],
] as const;

/** The curves of a run as an SVG picture: the losses of the last evaluation, and the validations if there are any. */
export function trainingCurves(log: readonly LogEntry[]): string {
  const steps = log.flatMap((entry) => ("losses" in entry ? [entry] : []));
  const validations = log.flatMap((entry) => ("validation" in entry ? [entry] : []));
  const charts: Chart[] = [
    {
      title: "Losses of the last evaluation",
      xLabel: X_LABEL,
      yLabel: "loss",
      series: LOSSES.flatMap(([name, label]) => {
        const points = steps.flatMap(({ step, losses }): [number, number][] => {
          const loss = losses.at(-1)?.[name];
          return loss === undefined ? [] : [[step, loss]];
        });
        return points.length > 0 ? [{ label, points }] : [];
      }),
    },
  ];
  if (validations.length > 0) {
    const points = validations.map(({ step, validation }) => [step, validation.kernelPsnr] as const);
    charts.push({
      title: "Kernels estimated from images held out",
      xLabel: X_LABEL,
      yLabel: "kernel PSNR in dB",
      series: [{ label: "mean", points }],
    });
  }
  return lineCharts(charts);
}
