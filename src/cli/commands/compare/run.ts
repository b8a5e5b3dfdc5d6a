import { basename } from "node:path";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import type { Engine } from "../../../engine/engine.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import { upscaleBicubic } from "../../../image/resize/bicubic.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import { kernelCov, kernelPsnr } from "../../../kernel/metrics/kernel-metrics.js";
import { onOneGrid } from "../../../kernel/metrics/one-grid.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { checkWritable, writeFileAtomic } from "../../../node/files/atomic-write.js";
import { protocolOf } from "../../../upscale/protocol.js";
import { automaticSigma } from "../../../upscale/sigma/automatic-sigma.js";
import type { Upscaler } from "../../../upscale/upscaler.js";
import { cancellable } from "../../shared/cancellable.js";
import { type ChosenUpscaler, readUpscaler } from "../../shared/methods/upscaler.js";
import { type UpscalerName, upscalerTitle } from "../../shared/methods/upscaler-names.js";
import type { Sigma } from "../../shared/options/shared-options.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print, printJson } from "../../shared/terminal/report.js";
import { readSpectralWeights } from "../../shared/weights/spectral-weights-files.js";
import { type ComparisonItem, comparisonItems } from "./items.js";
import { type Compared, prepareMethod } from "./methods.js";
import { type ComparedScore, type ComparisonRow, comparisonText } from "./report.js";

/** A setting and a scale, such as `x2-clean`. */
export interface ComparedSetting {
  readonly scale: 2 | 4;
  readonly setting: BenchmarkSetting;
}

/** The options of `metakernelgan compare`, as Commander gives them. */
export interface CompareCommandOptions {
  readonly data: readonly string[];
  readonly settings: readonly ComparedSetting[];
  readonly methods: readonly Compared[];
  readonly model?: UpscalerName;
  readonly modelWeights?: string;
  readonly sigma: Sigma;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
}

interface Benchmark extends ComparedSetting {
  readonly data: string;
  readonly items: readonly ComparisonItem[];
}

/** `metakernelgan compare`. */
export async function compare(options: CompareCommandOptions, version: string): Promise<void> {
  const { data, settings, methods, seed, out } = options;
  if (out !== undefined) await checkWritable(out);
  const upscaler = await readUpscaler(options.model, options.modelWeights, "--model-weights");
  const benchmarks: Benchmark[] = [];
  for (const folder of data) {
    for (const setting of settings) {
      const items = await comparisonItems(folder, { ...setting, seed });
      benchmarks.push({ ...setting, data: folder, items });
    }
  }
  await cancellable(async (signal) => {
    const engine = await createEngine({ adapter: options.adapter });
    const progress = await openProgress(
      benchmarks.reduce((sum, { items }) => sum + items.length, 0),
      "images",
    );
    const rows: ComparisonRow[] = [];
    let done = 0;
    try {
      progress.start();
      for (const benchmark of benchmarks) {
        const onImage = () => progress.update(++done);
        rows.push(await compareOn(engine, benchmark, upscaler, options, signal, onImage));
      }
    } finally {
      progress.stop();
      engine.dispose();
    }
    const json = { version, adapter: engine.adapter, model: upscaler.model, methods, seed, rows };
    if (options.json) printJson(json);
    const text = comparisonText(titleOf(upscaler, options, engine.adapter), methods, rows);
    if (out !== undefined) await writeFileAtomic(out, `${text}\n`);
    else if (!options.json) print(text);
  });
}

async function compareOn(
  engine: Engine,
  { data, scale, setting, items }: Benchmark,
  chosen: ChosenUpscaler,
  { methods, sigma }: CompareCommandOptions,
  signal: AbortSignal,
  onImage: () => void,
): Promise<ComparisonRow> {
  const spectrum = await SpectralEstimator.load(engine, (await readSpectralWeights(scale)).file);
  const ways = await Promise.all(methods.map((method) => prepareMethod(method, engine, scale)));
  const upscaler: Upscaler = await chosen.create(engine);
  const scores = methods.map((): ComparedScore[] => []);
  const bicubic: number[] = [];
  const protocol = protocolOf(setting);
  try {
    for (const { name, open } of items) {
      const { lr, hr, kernel: truth } = await open();
      const spectral = await spectrum.estimate(lr);
      bicubic.push(protocol.score(upscaleBicubic(lr, scale), hr, scale).psnr);
      for (const [index, way] of ways.entries()) {
        const { kernel, faults } = await way(lr, truth, spectral, signal);
        const chosenSigma = sigma === "auto" ? automaticSigma({ noise: spectral.noise, ...faults }) : sigma;
        const sr = await upscaler.upscale(lr, {
          kernel,
          scale,
          sigma: chosenSigma,
          uncertainty: sigma === "auto" ? { noise: spectral.noise, ...faults } : undefined,
          boundary: protocol.boundary,
          signal,
        });
        const pair = setting === "camera" ? onOneGrid(kernel, truth) : ([kernel, truth] as const);
        scores[index].push({
          name,
          kernelPsnr: kernelPsnr(...pair),
          kernelCov: kernelCov(...pair),
          sigma: chosenSigma,
          noise: spectral.noise,
          ...faults,
          ...protocol.score(sr, hr, scale),
        });
        signal.throwIfAborted();
      }
      onImage();
    }
  } finally {
    upscaler.dispose();
    spectrum.dispose();
  }
  const byMethod = Object.fromEntries(methods.map((method, index) => [method, scores[index]]));
  const mean = bicubic.reduce((sum, value) => sum + value, 0) / bicubic.length;
  return { data: basename(data), scale, setting, bicubic: mean, scores: byMethod };
}

function titleOf(
  { model }: ChosenUpscaler,
  { sigma }: CompareCommandOptions,
  adapter: AdapterDescription,
): string {
  return (
    `Mean kernel PSNR in dB / K-COV in square pixels / PSNR in dB of the brightness of images upscaled by ${upscalerTitle(model)} ` +
    `with sigma ${sigma}; on ${adapterText(adapter)}.`
  );
}
