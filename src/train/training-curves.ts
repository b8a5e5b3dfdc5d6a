import { type Chart, lineCharts } from "./line-chart.js";
import type { LogEntry } from "./log.js";

/** Words for the curves of a training. */
export interface CurveLabels {
  readonly title: string;
  /** Labels of the losses by name, in their order in the legend. */
  readonly losses: Readonly<Record<string, string>>;
  /** Undefined where the training has no validation. */
  readonly validation?: {
    /** The figure that is highest for the best network. */
    readonly score: string;
    readonly title: string;
    /** The score in words. */
    readonly name: string;
    readonly unit: string;
  };
}

const X_LABEL = "step";

/**
 * The curves of a run as an SVG picture: the losses of the last evaluation, and the validations if there are
 * any.
 */
export function trainingCurves(log: readonly LogEntry[], labels: CurveLabels): string {
  const steps = log.flatMap((entry) => ("losses" in entry ? [entry] : []));
  const validations = log.flatMap((entry) => ("validation" in entry ? [entry] : []));
  const charts: Chart[] = [
    {
      title: labels.title,
      xLabel: X_LABEL,
      yLabel: "loss",
      series: Object.entries(labels.losses).flatMap(([name, label]) => {
        const points = steps.flatMap(({ step, losses }): [number, number][] => {
          const loss = losses.at(-1)?.[name];
          return loss === undefined ? [] : [[step, loss]];
        });
        return points.length > 0 ? [{ label, points }] : [];
      }),
    },
  ];
  if (labels.validation && validations.length > 0) {
    const { score, title, name, unit } = labels.validation;
    const points = validations.map(({ step, validation }) => [step, validation[score] as number] as const);
    charts.push({
      title,
      xLabel: X_LABEL,
      yLabel: `${name} in ${unit}`,
      series: [{ label: "mean", points }],
    });
  }
  return lineCharts(charts);
}
