import type { LogEntry } from "../node/run-folder.js";
import { type Chart, lineCharts } from "./line-chart.js";

const X_LABEL = "outer step";

const LOSSES = [
  ["kernelPixels", "kernel, L1"],
  ["adversarial", "adversarial"],
  ["sumToOne", "sum to one"],
  ["discriminator", "discriminator"],
] as const;

/** The curves of a run as an SVG picture: the losses of the last evaluation, and the validations if there are any. */
export function trainingCurves(log: readonly LogEntry[]): string {
  const steps = log.flatMap((entry) => ("losses" in entry ? [entry] : []));
  const validations = log.flatMap((entry) => ("validation" in entry ? [entry] : []));
  const charts: Chart[] = [
    {
      title: "Meta-losses of the last evaluation",
      xLabel: X_LABEL,
      yLabel: "loss",
      series: LOSSES.map(([name, label]) => ({
        label,
        points: steps.map(({ step, losses }) => [step, losses.at(-1)?.[name] ?? Number.NaN]),
      })),
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
