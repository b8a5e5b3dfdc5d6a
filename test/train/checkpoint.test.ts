import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/engine/random.js";
import { decodeCheckpoint, encodeCheckpoint, initialState } from "../../src/train/checkpoint.js";
import { GAN_TRAINING } from "../../src/train/gan/gan-training.js";
import { ganDefaults } from "../../src/train/outer-step/gan-settings.js";
import type { TrainingState } from "../../src/train/trainer.js";
import { WeightsError } from "../../src/weights/errors.js";
import { parseSafetensors, serializeSafetensors } from "../../src/weights/safetensors.js";
import type { WeightFile } from "../../src/weights/weight-file.js";

const network = GAN_TRAINING.initialize({ ...ganDefaults("meta"), seed: 3 });
const trained = GAN_TRAINING.trainedShapes(network);

function moments(stream: number): Map<string, Float32Array> {
  const random = new RandomStream(1, stream);
  return new Map(
    trained.map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
}

const state: TrainingState = {
  ...initialState(network, trained),
  step: 1234,
  moments: { first: moments(0), second: moments(1) },
};

const decode = (file: WeightFile) => decodeCheckpoint(file, GAN_TRAINING.trainedShapes);

function without(drop: RegExp): WeightFile {
  const { tensors, metadata } = encodeCheckpoint(state, network);
  return { tensors: new Map([...tensors].filter(([name]) => !drop.test(name))), metadata };
}

describe("checkpoints", () => {
  it("hold the whole state to the bit, and the network's metadata", () => {
    const seeded = { ...network, metadata: { ...network.metadata, seed: "3" } };
    const file = parseSafetensors(serializeSafetensors(encodeCheckpoint(state, seeded)));
    expect(decode(file)).toEqual({ network: seeded, state });
    expect(file.metadata).toMatchObject({ seed: "3", step: "1234", format: "metakernelgan" });
  });

  it("hold the trained values beside a network for use that has others", () => {
    const name = "generator.0.weight";
    const tensor = network.tensors.get(name);
    const folded = new Map(network.tensors).set(name, {
      shape: tensor?.shape ?? [],
      data: Float32Array.from(tensor?.data ?? [], (value) => 2 * value),
    });
    const file = encodeCheckpoint(state, { tensors: folded, metadata: {} });
    expect(file.tensors.get(name)).toEqual(folded.get(name));
    expect(decode(file)).toEqual({ network: { tensors: folded, metadata: {} }, state });
  });

  it.each([
    ["without Adam's first moments", /^adam\.first\.generator\.2/, "adam.first.generator.2.weight"],
    ["without Adam's second moments", /^adam\.second/, "adam.second.generator.0.weight"],
    ["without a layer", /^discriminator\.conv\.3\.bias/, "discriminator.conv.3.bias"],
  ])("are refused %s", (_what, drop, message) => {
    const attempt = () => decode(without(drop));
    expect(attempt).toThrow(WeightsError);
    expect(attempt).toThrow(message);
  });

  it("are refused with moments of another shape", () => {
    const { tensors, metadata } = encodeCheckpoint(state, network);
    const name = "adam.second.generator.5.weight";
    const changed = new Map(tensors).set(name, { shape: [2], data: Float32Array.of(1, 2) });
    expect(() => decode({ tensors: changed, metadata })).toThrow(name);
  });

  it.each([undefined, "", "x", "-1", "1.5", "1e99"])("are refused with the step %j", (step) => {
    const { tensors, metadata } = encodeCheckpoint(state, network);
    const { step: _, ...rest } = metadata;
    const file = { tensors, metadata: step === undefined ? rest : { ...rest, step } };
    expect(() => decode(file)).toThrow(/names no training step/);
  });
});
