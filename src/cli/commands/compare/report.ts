import { COMPARED_TITLES, type Compared } from "../../../benchmark/compared.js";
import type { ComparedScore, Comparison } from "../../../benchmark/comparison.js";
import { mean } from "../../../image/metrics/mean.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import type { ModelName } from "../../../upscale/upscaler-names.js";
import { markdownTable } from "../../shared/terminal/markdown-table.js";

/** The comparison on one benchmark in one setting. */
export interface ComparisonRow extends Comparison {
  /** Name of the benchmark's folder. */
  readonly data: string;
  readonly scale: 2 | 4;
  readonly setting: BenchmarkSetting;
  /** What the images were upscaled by. */
  readonly model: ModelName;
}

/** A comparison as Markdown tables: the means, and each method's worst image. */
export function comparisonText(
  title: string,
  methods: readonly Compared[],
  rows: readonly ComparisonRow[],
): string {
  const setting = {
    head: "Setting",
    cell: ({ data, scale, setting: name }: ComparisonRow) => `${data} ×${scale} ${name}`,
    words: true,
  };
  const means = markdownTable(
    [
      setting,
      ...methods.map((method) => ({
        head: COMPARED_TITLES[method],
        cell: (row: ComparisonRow) => meanText(row.scores[method] ?? []),
      })),
      { head: "bicubic", cell: ({ bicubic }: ComparisonRow) => bicubic.toFixed(2) },
    ],
    rows,
  );
  const estimated = methods.filter((method) => method !== "true");
  const worst = markdownTable(
    [
      setting,
      ...estimated.map((method) => ({
        head: COMPARED_TITLES[method],
        cell: (row: ComparisonRow) => worstText(row.scores[method] ?? []),
      })),
    ],
    rows,
  );
  return [title, means, "The image with each method's largest K-COV, and that K-COV:", worst].join("\n\n");
}

function meanText(scores: readonly ComparedScore[]): string {
  const average = (value: (score: ComparedScore) => number): number => mean(scores.map(value));
  const kernel = average(({ kernelPsnr }) => kernelPsnr);
  const psnr = average((score) => score.psnr).toFixed(2);
  // The true kernel's PSNR and K-COV are infinite and 0.
  if (kernel === Number.POSITIVE_INFINITY) return psnr;
  return `${kernel.toFixed(1)} / ${average(({ kernelCov }) => kernelCov).toFixed(2)} / ${psnr}`;
}

function worstText(scores: readonly ComparedScore[]): string {
  const worst = scores.reduce((a, b) => (b.kernelCov > a.kernelCov ? b : a));
  return `${worst.name} ${worst.kernelCov.toFixed(2)}`;
}
