import type { Engine } from "../../engine/device/engine.js";
import { SpectrumAnalyzer } from "../../model/spectral/spectrum-analyzer.js";
import type { TrainerOptions } from "../training.js";
import { SAMPLE_SIZE, SpectralSamples } from "./spectral-samples.js";
import type { SpectralSettings } from "./spectral-settings.js";
import { spectralTask } from "./spectral-task.js";

/** Samples between two writes to the store. */
const STORE_EVERY = 200;

/**
 * Measures as many degraded images as the settings say, or reads them back from the store.
 * @throws the signal's reason if it is aborted; what was measured by then is in the store.
 */
export async function measureSamples(
  engine: Engine,
  { settings, images, store, compressJpeg, signal, onProgress }: TrainerOptions<SpectralSettings>,
): Promise<SpectralSamples> {
  const { samples: count, scale, seed } = settings;
  const samples = new SpectralSamples(new Float32Array(count * SAMPLE_SIZE));
  let stored = await store.read(samples.numbers, SAMPLE_SIZE);
  const analyzer = await SpectrumAnalyzer.create(engine);
  // The device measures one image while the next is made.
  let measured = Promise.resolve();
  try {
    for (let number = stored; number < count; number++) {
      const { image, quality, truth } = spectralTask(images, scale, seed, number);
      const received = quality === undefined ? image : await compressJpeg(image, quality);
      await measured;
      measured = analyzer.analyze(received).then((spectrum) => samples.set(number, { spectrum, truth }));
      const done = number + 1;
      if (done % STORE_EVERY !== 0 && done !== count && !signal.aborted) continue;
      await measured;
      await store.append(samples.numbers.subarray(stored * SAMPLE_SIZE, done * SAMPLE_SIZE));
      stored = done;
      onProgress(done, count, "images measured");
      if (done < count) signal.throwIfAborted();
    }
    return samples;
  } finally {
    analyzer.dispose();
  }
}
