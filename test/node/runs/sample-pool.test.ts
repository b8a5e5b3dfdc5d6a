import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { wrappedPsf } from "../../../src/kernel/psf-to-otf.js";
import { SampleError } from "../../../src/node/runs/errors.js";
import { openSamples, SAMPLE_SOURCE } from "../../../src/node/runs/sample-pool.js";
import { cutPatch } from "../../../src/train/guided/patch.js";
import { PHOTOS_DEFAULTS } from "../../../src/train/guided/photos-settings.js";
import { sampleShard, shardEntries } from "../../support/sample-shard.js";

const SIZE = { height: 18, width: 20, scale: 2 };

const folder = mkdtempSync(join(tmpdir(), "sample-pool-"));
afterAll(() => rmSync(folder, { recursive: true }));

function pool(name: string, files: Readonly<Record<string, Uint8Array>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(path, file), bytes);
  return path;
}

const { signal } = new AbortController();
const options = { settings: PHOTOS_DEFAULTS, cropSize: 16, signal, onSkip() {}, onProgress() {} };

/** Images up to the rounding to half precision. */
function expectNear(actual: Float32Array, expected: Float32Array): void {
  const differences = actual.map((value, i) => Math.abs(value - (expected[i] as number)));
  expect(actual).toHaveLength(expected.length);
  expect(Math.max(...differences)).toBeLessThanOrEqual(2 ** -12);
}

describe("openSamples", () => {
  it("reads what was written", async () => {
    const path = join(pool("one", { "0.safetensors": sampleShard(3, SIZE) }), "0.safetensors");
    const file = await openSamples(path, 2);
    expect(file).toMatchObject({ count: 3, ...SIZE, cameras: [0.75, 0.875, 1] });
    const { sample } = shardEntries(3, SIZE)[2] as ReturnType<typeof shardEntries>[0];
    const patch = cutPatch(file.read(2), file, { top: 0, left: 0, height: 18, width: 20 });
    expect(patch.small).toEqual(sample.small.data);
    expect(patch.sharp).toEqual(sample.sharp.data);
    const [sharpGuess, smoothGuess] = sample.guesses.map(({ data }) => data) as [Float32Array, Float32Array];
    expectNear(patch.sharpGuess, sharpGuess);
    expectNear(patch.smoothGuess, smoothGuess);
    expect(patch.kernel).toEqual(wrappedPsf(sample.kernel, 36, 40));
    expect(patch.conditions).toEqual([...Float32Array.from(sample.conditions)]);
    const part = cutPatch(file.read(2), file, { top: 1, left: 3, height: 16, width: 16 });
    expect(part.sharp[0]).toBe(patch.sharp[2 * 40 + 6]);
    expect(part.small[16 * 16 + 17]).toBe(patch.small[(18 + 2) * 20 + 4]);
  });

  it("refuses other files, other scales and files that were cut short", async () => {
    const whole = sampleShard(2, SIZE);
    const path = pool("bad", {
      "a.safetensors": whole,
      "b.safetensors": Uint8Array.from([1, 2, 3]),
      "c.safetensors": Uint8Array.from(new TextEncoder().encode("\x02\0\0\0\0\0\0\0{}")),
      "d.safetensors": whole,
    });
    await expect(openSamples(join(path, "a.safetensors"), 4)).rejects.toThrow(
      /for ×2, not ×4: give --scale 2/,
    );
    await expect(openSamples(join(path, "b.safetensors"), 2)).rejects.toThrow(/is damaged: it has no header/);
    await expect(openSamples(join(path, "c.safetensors"), 2)).rejects.toThrow(
      /has no samples of this version/,
    );
    truncateSync(join(path, "d.safetensors"), whole.length - 10_000);
    const file = await openSamples(join(path, "d.safetensors"), 2);
    expect(() => file.read(1)).toThrow(SampleError);
  });
});

describe("SAMPLE_SOURCE", () => {
  it("lists files to learn from and those held out, and tells contents apart", async () => {
    const [a, b] = [sampleShard(2, SIZE), sampleShard(3, SIZE)];
    const data = [pool("first", { "1.safetensors": b, "0.safetensors": a, "readme.txt": a })];
    const heldOut = [pool("second", { "0.safetensors": b })];
    const files = await SAMPLE_SOURCE.list({ data, heldOut }, signal);
    const loaded = await SAMPLE_SOURCE.load(files, options);
    expect(loaded).toMatchObject({ training: 5, heldOut: 3 });
    expect(loaded.take().samples.map(({ count }) => count)).toEqual([2, 3]);
    const digests = await Promise.all(
      [{ data }, { data: heldOut, heldOut: data }, { data: [...data, ...heldOut] }].map(
        async (folders) => (await SAMPLE_SOURCE.list(folders, signal)).sha256,
      ),
    );
    expect(new Set([files.sha256, ...digests]).size).toBe(4);
  });

  it("refuses samples that have no photo of the wanted kind", async () => {
    const data = [pool("only-cameras", { "0.safetensors": sampleShard(2, SIZE) })];
    const files = await SAMPLE_SOURCE.list({ data }, signal);
    const wanted = { ...options, settings: { ...PHOTOS_DEFAULTS, photos: "other" as const } };
    await expect(SAMPLE_SOURCE.load(files, wanted)).rejects.toThrow(
      "The samples have no photo for --photos other: give more of them, or leave the option out.",
    );
  });

  it("refuses folders without samples, and samples smaller than a patch", async () => {
    const data = [pool("empty", {})];
    await expect(SAMPLE_SOURCE.list({ data }, signal)).rejects.toThrow(/has no samples: give a folder/);
    await expect(SAMPLE_SOURCE.list({ data: [join(folder, "none")] }, signal)).rejects.toThrow(SampleError);
    const small = [pool("small", { "0.safetensors": sampleShard(1, SIZE) })];
    const files = await SAMPLE_SOURCE.list({ data: small }, signal);
    await expect(SAMPLE_SOURCE.load(files, { ...options, cropSize: 32 })).rejects.toThrow(
      /20×18 pixels, smaller than a patch: give --patch and --late-patch of at most 18/,
    );
  });
});
