import { basename } from "node:path";
import type { Compared } from "../../../benchmark/compared.js";
import { type ComparisonItem, type ComparisonTools, compareMethods } from "../../../benchmark/comparison.js";
import { protocolOf } from "../../../benchmark/protocol.js";
import type { AdapterDescription } from "../../../engine/device/adapter.js";
import type { Engine } from "../../../engine/device/engine.js";
import type { KernelEstimator } from "../../../estimate/kernel-estimator.js";
import { METHOD_NAMES, type MethodName } from "../../../estimate/methods/methods.js";
import { SpectralEstimator } from "../../../estimate/spectral/spectral-estimator.js";
import type { Alignment } from "../../../kernel/align-kernel.js";
import type { BenchmarkSetting } from "../../../kernel/degradation/benchmark.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { checkWritable, writeFileAtomic } from "../../../node/files/atomic-write.js";
import { UPSCALER_TITLES } from "../../../upscale/upscaler-names.js";
import { cancellable } from "../../shared/cancellable.js";
import { RunDevice } from "../../shared/devices/run-device.js";
import { type Say, SteadyEstimator, SteadyUpscaler } from "../../shared/devices/steady-tools.js";
import { type ChosenEstimator, openEstimator, readEstimator } from "../../shared/methods/estimator.js";
import {
  type ChosenUpscaler,
  openUpscaler,
  readUpscalerFor,
  type UpscalerOptions,
} from "../../shared/methods/upscaler.js";
import type { Sigma } from "../../shared/options/shared-options.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { openProgress } from "../../shared/terminal/progress.js";
import { print, printJson } from "../../shared/terminal/report.js";
import { readSpectralWeights } from "../../shared/weights/method-weights.js";
import type { ReadWeights } from "../../shared/weights/weights-files.js";
import { comparisonItems } from "./items.js";
import { type ComparisonRow, comparisonText } from "./report.js";

/** A scale and a setting, such as `x2-clean`. */
export interface ComparedSetting {
  readonly scale: 2 | 4;
  readonly setting: BenchmarkSetting;
}

/** The options of `metakernelgan compare`, as Commander gives them. */
export interface CompareCommandOptions extends UpscalerOptions {
  readonly data: readonly string[];
  readonly settings: readonly ComparedSetting[];
  readonly methods: readonly Compared[];
  readonly sigma: Sigma;
  /** The setting's unless given. */
  readonly align?: Alignment;
  readonly seed: number;
  readonly out?: string;
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
}

/** A benchmark in one setting, with the weights for its scale. */
interface Benchmark extends ComparedSetting {
  readonly data: string;
  readonly items: readonly ComparisonItem[];
  readonly spectralWeights: ReadWeights;
  readonly estimators: readonly ChosenEstimator[];
  readonly upscaler: ChosenUpscaler;
}

/** `metakernelgan compare`. */
export async function compare(options: CompareCommandOptions, version: string): Promise<void> {
  const { methods, seed, out } = options;
  if (out !== undefined) await checkWritable(out);
  const benchmarks = await readBenchmarks(options);
  await cancellable(async (signal) => {
    const total = benchmarks.reduce((sum, { items }) => sum + items.length, 0);
    const progress = await openProgress({ total, unit: "images" });
    const rows: ComparisonRow[] = [];
    let done = 0;
    let adapter: AdapterDescription | undefined;
    try {
      progress.update(done);
      for (const benchmark of benchmarks) {
        const device = new RunDevice(options.adapter, (engine) => loadTools(engine, benchmark));
        const onImage = () => progress.update(++done);
        try {
          rows.push(await compareOn(device, benchmark, options, { signal, onImage, say: progress.say }));
        } finally {
          await device.close();
        }
        adapter = device.adapter;
      }
    } finally {
      progress.stop();
    }
    if (options.json) {
      printJson({ version, adapter, methods, seed, rows });
    }
    const text = comparisonText(titleOf(rows, options, adapter as AdapterDescription), methods, rows);
    if (out !== undefined) await writeFileAtomic(out, `${text}\n`);
    else if (!options.json) print(text);
  });
}

async function readBenchmarks(options: CompareCommandOptions): Promise<Benchmark[]> {
  const { data, settings, methods, seed } = options;
  const benchmarks: Benchmark[] = [];
  for (const folder of data) {
    for (const { scale, setting } of settings) {
      const names = METHOD_NAMES.filter((name) => name !== "spectral" && methods.includes(name));
      benchmarks.push({
        data: folder,
        scale,
        setting,
        items: await comparisonItems(folder, { scale, setting, seed }),
        spectralWeights: await readSpectralWeights(scale),
        estimators: await Promise.all(names.map((name) => readEstimator(name, scale))),
        upscaler: await readUpscalerFor(scale, options),
      });
    }
  }
  return benchmarks;
}

/** Loads what a benchmark needs on a device. */
async function loadTools(
  engine: Engine,
  { spectralWeights, estimators: chosen, upscaler }: Benchmark,
): Promise<ComparisonTools> {
  const estimators = new Map<MethodName, KernelEstimator>();
  for (const each of chosen) estimators.set(each.method, await openEstimator(engine, each));
  return {
    spectral: await SpectralEstimator.load(engine, spectralWeights.file),
    upscaler: await openUpscaler(engine, upscaler),
    estimators,
  };
}

interface CompareContext {
  readonly signal: AbortSignal;
  readonly onImage: () => void;
  readonly say: Say;
}

async function compareOn(
  device: RunDevice<ComparisonTools>,
  { data, scale, setting, items, estimators, upscaler }: Benchmark,
  { methods, sigma, align }: CompareCommandOptions,
  { signal, onImage, say }: CompareContext,
): Promise<ComparisonRow> {
  const steady = (method: MethodName) =>
    new SteadyEstimator(
      device,
      method,
      scale,
      (tools) => tools.estimators.get(method) as KernelEstimator,
      say,
    );
  const tools: ComparisonTools = {
    upscaler: new SteadyUpscaler(device, (opened) => opened.upscaler, say),
    spectral: new SteadyEstimator(device, "spectral", scale, (opened) => opened.spectral, say),
    estimators: new Map(estimators.map(({ method }) => [method, steady(method)])),
  };
  const protocol = protocolOf(setting, align);
  const comparison = await compareMethods(items, tools, { scale, methods, sigma, protocol, signal, onImage });
  return { data: basename(data), scale, setting, model: upscaler.model, ...comparison };
}

function titleOf(
  rows: readonly ComparisonRow[],
  { sigma }: CompareCommandOptions,
  adapter: AdapterDescription,
): string {
  const models = new Map(rows.map(({ model, scale }) => [`${model} ${scale}`, { model, scale }]));
  const upscalers = [...models.values()].map(({ model, scale }) => `${UPSCALER_TITLES[model]} (×${scale})`);
  return (
    "Mean kernel PSNR in dB / K-COV in square pixels / PSNR in dB of the brightness of images upscaled by " +
    `${upscalers.join(", ")} with sigma ${sigma}; on ${adapterText(adapter)}.`
  );
}
