import { describe, expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { untrainedGanWeights } from "../../../src/model/gan/gan-weights.js";
import { decodeCheckpoint, encodeCheckpoint } from "../../../src/train/meta/checkpoint.js";
import type { MetaTrainingState } from "../../../src/train/meta/meta-training.js";
import { WeightsError } from "../../../src/weights/errors.js";
import { GAN_TENSORS } from "../../../src/weights/layouts/gan-layout.js";
import { parseSafetensors, serializeSafetensors } from "../../../src/weights/safetensors.js";
import type { WeightFile } from "../../../src/weights/weight-file.js";

const trained = GAN_TENSORS.filter(({ name }) => !/weight_[uv]$/.test(name));

function moments(stream: number): Map<string, Float32Array> {
  const random = new RandomStream(1, stream);
  return new Map(
    trained.map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1);
      return [name, Float32Array.from({ length }, () => random.normal())];
    }),
  );
}

const state: MetaTrainingState = {
  step: 1234,
  weights: untrainedGanWeights(3),
  moments: { first: moments(0), second: moments(1) },
};

function without(drop: RegExp): WeightFile {
  const { tensors, metadata } = encodeCheckpoint(state, {});
  return { tensors: new Map([...tensors].filter(([name]) => !drop.test(name))), metadata };
}

describe("checkpoints", () => {
  it("hold the whole state to the bit, and how it was trained", () => {
    const file = parseSafetensors(serializeSafetensors(encodeCheckpoint(state, { seed: "3" })));
    expect(decodeCheckpoint(file)).toEqual(state);
    expect(file.metadata).toEqual({ seed: "3", step: "1234", format: "metakernelgan" });
  });

  it.each([
    ["without Adam's first moments", /^adam\.first\.generator\.2/, "adam.first.generator.2.weight"],
    ["without Adam's second moments", /^adam\.second/, "adam.second.generator.0.weight"],
    ["without a layer", /^discriminator\.conv\.3\.bias/, "discriminator.conv.3.bias"],
  ])("are refused %s", (_what, drop, message) => {
    const decode = () => decodeCheckpoint(without(drop));
    expect(decode).toThrow(WeightsError);
    expect(decode).toThrow(message);
  });

  it("are refused with moments of another shape", () => {
    const { tensors, metadata } = encodeCheckpoint(state, {});
    const name = "adam.second.generator.5.weight";
    const changed = new Map(tensors).set(name, { shape: [2], data: Float32Array.of(1, 2) });
    expect(() => decodeCheckpoint({ tensors: changed, metadata })).toThrow(name);
  });

  it.each([undefined, "", "x", "-1", "1.5", "1e99"])("are refused with the step %j", (step) => {
    const { tensors, metadata } = encodeCheckpoint(state, {});
    const { step: _, ...rest } = metadata;
    const file = { tensors, metadata: step === undefined ? rest : { ...rest, step } };
    expect(() => decodeCheckpoint(file)).toThrow(/does not say its training step/);
  });
});
