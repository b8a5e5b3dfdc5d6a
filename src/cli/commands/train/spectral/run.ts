import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import type { Engine } from "../../../../engine/engine.js";
import { NumericalError } from "../../../../engine/errors.js";
import { encodeSpectralWeights } from "../../../../model/spectral/spectral-weights.js";
import { SpectrumAnalyzer } from "../../../../model/spectral/spectrum-analyzer.js";
import type { AdapterChoice } from "../../../../node/device/adapters.js";
import { createEngine } from "../../../../node/device/create-engine.js";
import { writeFileAtomic } from "../../../../node/files/atomic-write.js";
import { lockFolder } from "../../../../node/files/folder-lock.js";
import { compressJpeg } from "../../../../node/image-io/compress-jpeg.js";
import { listTrainingFiles, loadTrainingImages } from "../../../../node/runs/training-images.js";
import { SAMPLE_SIZE, SpectralSamples } from "../../../../train/spectral/spectral-samples.js";
import { spectralTask } from "../../../../train/spectral/spectral-task.js";
import { SpectralFit } from "../../../../train/spectral/spectral-training.js";
import type { SpectralTrainingOptions } from "../../../../train/spectral/spectral-training-options.js";
import type { TrainingImage } from "../../../../train/training-image.js";
import { serializeSafetensors } from "../../../../weights/safetensors.js";
import { cancellable } from "../../../shared/cancellable.js";
import { StoppedError } from "../../../shared/errors.js";
import { print, printLine } from "../../../shared/terminal/report.js";
import { openTrainingProgress } from "../shared/training-progress.js";
import { SpectralRun } from "./spectral-run.js";

/** The options of `metakernelgan train-spectral`, as Commander gives them: those that were not given are undefined. */
export interface TrainSpectralOptions extends Partial<Omit<SpectralTrainingOptions, "scale">> {
  readonly scale?: "2" | "4";
  readonly data: readonly string[];
  readonly out: string;
  readonly resume?: boolean;
  readonly adapter?: AdapterChoice;
}

/** Samples between two writes to the run folder, and steps of the fit between two readings of the loss. */
const WRITE_EVERY = 200;
const LOG_EVERY = 100;

/** `metakernelgan train-spectral`. */
export async function trainSpectral(options: TrainSpectralOptions, version: string): Promise<void> {
  const { data, out, resume = false } = options;
  let free = async (): Promise<void> => {};
  await cancellable(async (signal) => {
    const files = await listTrainingFiles(data, signal);
    if (!existsSync(out)) await mkdir(out, { recursive: true });
    free = await lockFolder(out);
    const scale = options.scale === undefined ? undefined : options.scale === "4" ? 4 : 2;
    const run = await SpectralRun.open(out, { ...options, scale }, files.sha256, resume);
    const { training: images } = await loadTrainingImages(files, { holdOut: 0, signal, onSkip: printLine });
    const engine = await createEngine({ adapter: options.adapter });
    try {
      const samples = await measure(engine, images, run, options, signal);
      const values = await fitNetwork(engine, samples, run, options, signal);
      const { scale, ...rest } = run.settings;
      const metadata = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
      const file = encodeSpectralWeights({ scale, values }, { version, ...metadata });
      await writeFileAtomic(run.weightsPath, serializeSafetensors(file));
      print(`Written to ${run.weightsPath}.`);
    } finally {
      engine.dispose();
    }
  }).finally(() => free());
}

/** Measures as many degraded photos as the run wants; those that it has already are read back. */
async function measure(
  engine: Engine,
  images: readonly TrainingImage[],
  run: SpectralRun,
  { out }: TrainSpectralOptions,
  signal: AbortSignal,
): Promise<SpectralSamples> {
  const { samples: count, scale, seed } = run.settings;
  const samples = new SpectralSamples(new Float32Array(count * SAMPLE_SIZE));
  let written = await run.readSamples(samples.numbers);
  const write = async (end: number): Promise<void> => {
    await run.appendSamples(samples.numbers.subarray(written * SAMPLE_SIZE, end * SAMPLE_SIZE));
    written = end;
  };
  const analyzer = await SpectrumAnalyzer.create(engine);
  const progress = await openTrainingProgress(count, written, "images");
  const began = performance.now();
  const first = written;
  // The device measures one image while the next is made.
  let before = Promise.resolve();
  try {
    for (let number = first; number < count; number++) {
      const { image, quality, truth } = spectralTask(images, scale, seed, number);
      const received = quality === undefined ? image : await compressJpeg(image, quality);
      await before;
      before = analyzer.analyze(received).then((spectrum) => samples.set(number, { spectrum, truth }));
      const done = number + 1;
      if (done % WRITE_EVERY === 0 || signal.aborted || done === count) {
        await before;
        await write(done);
        progress.update(done, `${Math.round((performance.now() - began) / (done - first))} ms an image`);
        if (signal.aborted) throw new StoppedError("train-spectral", out, done);
      }
    }
    progress.reached(`${count} images measured.`);
    return samples;
  } finally {
    progress.stop();
    analyzer.dispose();
  }
}

/** Fits the network, which takes minutes: if it is stopped, it begins anew. */
async function fitNetwork(
  engine: Engine,
  samples: SpectralSamples,
  { settings }: SpectralRun,
  { out }: TrainSpectralOptions,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> {
  const training = await SpectralFit.create(engine, samples, settings);
  const steps = settings.epochs * training.stepsPerEpoch;
  const progress = await openTrainingProgress(steps, 0);
  try {
    for (let done = 1; done <= steps; done++) {
      training.step(done - 1);
      if (done % LOG_EVERY !== 0 && done !== steps) continue;
      const loss = await training.readLoss();
      if (!Number.isFinite(loss)) {
        throw new NumericalError(`The loss of step ${done} is ${loss}; begin again with a smaller --rate.`);
      }
      progress.update(done, `loss ${loss.toFixed(3)}`);
      if (done % training.stepsPerEpoch < LOG_EVERY) {
        progress.reached(
          `Epoch ${Math.floor(done / training.stepsPerEpoch)} of ${settings.epochs}: loss ${loss.toFixed(3)}.`,
        );
      }
      if (signal.aborted) throw new StoppedError("train-spectral", out, samples.count);
    }
    return await training.weights();
  } finally {
    progress.stop();
    training.dispose();
  }
}
