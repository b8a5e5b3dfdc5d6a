import type { KernelScore } from "../../../benchmark/kernel-evaluation.js";
import type { ImageScore } from "../../../image/metrics/image-metrics.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import type { KernelUncertainty } from "../../../upscale/sigma/automatic-sigma.js";
import { markdownTable } from "../../shared/terminal/markdown-table.js";
import { COMPARED_TITLES, type Compared } from "./methods.js";

/** How one way did on one image. */
export interface ComparedScore extends KernelScore, ImageScore, KernelUncertainty {
  readonly name: string;
  /** Noise level that the upscaler was told, in 255ths. */
  readonly sigma: number;
  /** What its spectrum says of its noise, in 255ths. */
  readonly noise: number;
}

/** One benchmark in one setting. */
export interface ComparisonRow {
  /** Name of its folder. */
  readonly data: string;
  readonly scale: 2 | 4;
  readonly setting: BenchmarkSetting;
  /** Mean PSNR of images enlarged without a kernel. */
  readonly bicubic: number;
  /** Of each image, by method. */
  readonly scores: Readonly<Partial<Record<Compared, readonly ComparedScore[]>>>;
}

/** A comparison as Markdown: the means, and which image each method does worst on. */
export function comparisonText(
  title: string,
  methods: readonly Compared[],
  rows: readonly ComparisonRow[],
): string {
  const setting = {
    head: "Setting",
    cell: ({ data, scale, setting: name }: ComparisonRow) => `${data} ×${scale} ${name}`,
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
    "---",
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
    "---",
  );
  return [title, means, "The image with the largest K-COV of each, and that K-COV:", worst].join("\n\n");
}

function meanText(scores: readonly ComparedScore[]): string {
  const mean = (value: (score: ComparedScore) => number): number =>
    scores.reduce((sum, score) => sum + value(score), 0) / scores.length;
  const kernel = mean(({ kernelPsnr }) => kernelPsnr);
  const psnr = mean((score) => score.psnr).toFixed(2);
  // The true kernel's are endless and 0.
  if (kernel === Number.POSITIVE_INFINITY) return psnr;
  return `${kernel.toFixed(1)} / ${mean(({ kernelCov }) => kernelCov).toFixed(2)} / ${psnr}`;
}

function worstText(scores: readonly ComparedScore[]): string {
  const worst = scores.reduce((a, b) => (b.kernelCov > a.kernelCov ? b : a));
  return `${worst.name} ${worst.kernelCov.toFixed(2)}`;
}
