import type { ImageScore } from "../../../image/metrics/image-metrics.js";
import type { KernelScore } from "../../../kernel/metrics/kernel-score.js";
import { type ModelName, UPSCALER_TITLES } from "../../../upscale/upscaler-names.js";
import { markdownTable, type TableColumn } from "../../shared/terminal/markdown-table.js";
import type { FullEvaluation } from "./full-evaluation.js";

/**
 * An evaluation as Markdown tables: each image after the last step, and the means after each step.
 * @param model the upscaler, if images were upscaled.
 */
export function evaluationText(title: string, evaluation: FullEvaluation, model?: ModelName): string {
  const { images, mean, bicubic, trueKernel } = evaluation;
  // Keys that are whole numbers are in ascending order.
  const steps = Object.keys(mean);
  const last = steps.at(-1);
  const tables: string[] = [];
  const name: TableColumn<(typeof images)[number]> = {
    head: last === undefined ? "Image" : `Image, ${stepsText(last)}`,
    cell: (image) => image.name,
    words: true,
  };
  const estimated =
    last === undefined ? [] : scoreColumns(model, (image: (typeof images)[number]) => image.steps[last]);
  const bounds: TableColumn<(typeof images)[number]>[] = [
    { head: "Bicubic", cell: (image) => imageText(image.bicubic) },
    { head: "True kernel", cell: (image) => imageText(image.trueKernel) },
  ];
  tables.push(markdownTable([name, ...estimated, ...(model ? bounds : [])], images));
  if (last !== undefined) {
    const [psnr, ...others] = scoreColumns(model, (step: string) => mean[step]);
    const spread = { head: "± over runs", cell: (step: string) => mean[step].kernelPsnrStd.toFixed(2) };
    const after = { head: "Mean after steps", cell: (step: string) => step };
    tables.push(markdownTable([after, psnr, spread, ...others], steps));
  }
  if (model) {
    const rows = [
      ["bicubic", bicubic],
      ["true kernel", trueKernel],
    ] as const;
    const what: TableColumn<(typeof rows)[number]> = {
      head: "Mean without an estimate",
      cell: ([row]) => row,
      words: true,
    };
    tables.push(markdownTable([what, { head: "PSNR / SSIM", cell: ([, score]) => imageText(score) }], rows));
  }
  const legend = [
    title,
    last !== undefined && "Kernel PSNR in dB, higher is better; K-COV, lower is better.",
    model && `PSNR in dB and SSIM of the brightness of images upscaled by ${UPSCALER_TITLES[model]}.`,
  ];
  return [legend.filter(Boolean).join(" "), ...tables].join("\n\n");
}

function scoreColumns<Row>(
  model: ModelName | undefined,
  score: (row: Row) => KernelScore & Partial<ImageScore>,
): TableColumn<Row>[] {
  return [
    { head: "Kernel PSNR", cell: (row) => score(row).kernelPsnr.toFixed(2) },
    { head: "K-COV", cell: (row) => score(row).kernelCov.toFixed(2) },
    ...(model ? [{ head: "PSNR / SSIM", cell: (row: Row) => imageText(score(row)) }] : []),
  ];
}

function imageText({ psnr, ssim }: Partial<ImageScore> = {}): string {
  return psnr === undefined || ssim === undefined ? "" : `${psnr.toFixed(2)} / ${ssim.toFixed(4)}`;
}

function stepsText(steps: string): string {
  return steps === "1" ? "1 step" : `${steps} steps`;
}
