import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Engine } from "../../../src/engine/device/engine.js";
import { DeviceLostError } from "../../../src/engine/errors.js";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { adam } from "../../../src/engine/optimizers/adam.js";
import { Parameters } from "../../../src/engine/optimizers/parameters.js";
import { RandomStream } from "../../../src/engine/random.js";
import { advance } from "../../../src/engine/recording/history.js";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { writeImage } from "../../../src/node/image-io/write-image.js";
import { RunError, StoppedError } from "../../../src/node/runs/errors.js";
import { type RunRequest, trainingRun } from "../../../src/node/runs/training-run.js";
import { readTrained, writeTrained } from "../../../src/train/trained-parameters.js";
import { type Trainer, withWeights } from "../../../src/train/trainer.js";
import type { CommonSettings, Schedule, TrainerOptions, Training } from "../../../src/train/training.js";
import { randomCrop } from "../../../src/train/training-image.js";
import { parseSafetensors } from "../../../src/weights/safetensors.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const SIDE = 8;
const SHAPES = [{ name: "picture", shape: [3, SIDE, SIDE] }];
const DEFAULTS: CommonSettings & Schedule = {
  seed: 0,
  rate: 0.01,
  batch: 1,
  holdOut: 2,
  steps: 6,
  checkpointEvery: 2,
  logEvery: 1,
  validateEvery: 3,
  validateSteps: 1,
};

/** The least training there can be: its "network" is a picture that learns to be like all crops. */
async function createTrainer(engine: Engine, options: TrainerOptions<CommonSettings>): Promise<Trainer> {
  const { settings, steps, images, network, heldOut } = options;
  const parameters = new Parameters(engine, SHAPES, "picture");
  const tape = new Tape(engine);
  const counter = new StepCounter(engine);
  const crop = tape.tensor(parameters.whole.shape, "crop");
  const loss = l1Loss(tape, parameters.whole, crop);
  tape.backward([{ loss, weight: 1 }], [parameters.whole]);
  const gradient = tape.gradient(parameters.whole);
  const trained = { parameters, moments: adam(tape, parameters, gradient, counter, steps, settings) };
  advance(tape, counter);
  const program = await tape.finish();
  return {
    multiplyAdds: program.multiplyAdds,
    restore({ step, weights, moments }) {
      writeTrained([trained], weights, moments);
      counter.reset(0, step);
    },
    submit(number) {
      const random = new RandomStream(settings.seed, 7, number);
      engine.write(crop, randomCrop(images[0] as (typeof images)[0], random, SIDE).data);
      program.run();
    },
    losses: async () => [{ distance: (await engine.read(loss))[0] as number }],
    read: () => readTrained(engine, [trained]),
    network: (weights) => withWeights(network, weights),
    validate: async (file) => ({
      images: heldOut.length,
      // Highest at first, so that the best network is the one of the first validation.
      likeness: 1 / (1 + (file.tensors.get("picture")?.data[0] ?? 0)),
    }),
    dispose() {
      program.dispose();
      engine.free(counter.tensor);
      engine.free(parameters.whole);
    },
  };
}

const TOY: Training = {
  name: "toy",
  weightsOption: "init",
  curves: {
    title: "Distance",
    losses: { distance: "distance" },
    validation: { score: "likeness", title: "Likeness", name: "likeness", unit: "parts" },
  },
  defaults: () => DEFAULTS,
  fixesSteps: () => false,
  cropSize: () => SIDE,
  initialize: () => ({
    tensors: new Map([["picture", { shape: [3, SIDE, SIDE], data: new Float32Array(3 * SIDE ** 2) }]]),
    metadata: { format: "toy" },
  }),
  trainedShapes: () => SHAPES,
  create: createTrainer,
};

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "training-run-"));
  await mkdir(join(folder, "images"));
  for (const name of ["a", "b"]) {
    await writeImage(join(folder, "images", `${name}.png`), { rgb: syntheticImage(1, 40, 30) });
  }
});
afterAll(() => rm(folder, { recursive: true }));

const path = (out: string, name = ""): string => join(folder, out, name);
const bytes = (out: string, name: string): Promise<Buffer> => readFile(path(out, name));

function run(out: string, options: Partial<RunRequest<CommonSettings>> & { steps?: number } = {}) {
  const { steps = 6, ...others } = options;
  const { seed, rate, batch, holdOut, ...schedule } = DEFAULTS;
  return trainingRun({
    training: TOY,
    out: path(out),
    resume: false,
    plan: async () => ({
      data: [path("images")],
      settings: { seed, rate, batch, holdOut },
      schedule: { ...schedule, steps },
    }),
    version: "1",
    signal: new AbortController().signal,
    display: { open: async () => ({ update() {}, reached() {}, stop() {} }), say() {} },
    ...others,
  });
}

describe("trainingRun", () => {
  it("gives any training its folder, log, curves and best network", async () => {
    const { folder: made, adapter } = await run("whole");
    expect(adapter).toBeDefined();
    expect((await readdir(path("whole"))).sort()).toEqual([
      "best.safetensors",
      "checkpoint.safetensors",
      "config.json",
      "curves.svg",
      "log.jsonl",
    ]);
    expect(made.entries.map(({ step }) => step)).toEqual([1, 2, 3, 3, 4, 5, 6, 6]);
    expect(made.validations.map(({ validation }) => validation.images)).toEqual([1, 1]);
    expect(made.bestValidation("likeness")?.step).toBe(3);
    const best = parseSafetensors(new Uint8Array(await bytes("whole", "best.safetensors")));
    expect(best.metadata).toMatchObject({ format: "toy", step: "3", training: "toy", rate: "0.01" });
    expect([...best.tensors.keys()]).toEqual(["picture"]);
    expect((await bytes("whole", "curves.svg")).toString()).toContain("Likeness");
  });

  it("continues to the bit, from a shorter run and from one that was stopped", async () => {
    await run("longer", { steps: 3 });
    await run("longer", { resume: true });
    const controller = new AbortController();
    const display = {
      open: async (_total: number, _from: number, unit: string) => ({
        update: (done: number) => {
          if (unit === "steps" && done === 1) controller.abort(new Error("stop"));
        },
        reached() {},
        stop() {},
      }),
      say() {},
    };
    await expect(run("stopped", { signal: controller.signal, display })).rejects.toThrow(StoppedError);
    await run("stopped", { resume: true });
    for (const out of ["longer", "stopped"]) {
      for (const name of ["checkpoint.safetensors", "best.safetensors"]) {
        expect((await bytes(out, name)).equals(await bytes("whole", name)), `${out} ${name}`).toBe(true);
      }
    }
  });

  it.each([
    ["slow ones", 200, /^Stopped at step 3, /],
    // Of quick ones, the last that is complete may be lost: it is not read before the next begins.
    ["quick ones", 0, /^Stopped at step [23], /],
  ])(
    "stops within a step that does not end, after %s, and continues to the bit",
    async (name, milliseconds, kept) => {
      const out = `stuck after ${name}`;
      const stuckAt = 4;
      let synchronized = 0;
      const training: typeof TOY = {
        ...TOY,
        create: (engine, request) => {
          const synchronize = engine.synchronize.bind(engine);
          engine.synchronize = async () => {
            const step = ++synchronized;
            await synchronize();
            await sleep(milliseconds);
            if (step === stuckAt) await new Promise(() => {});
          };
          return TOY.create(engine, request);
        },
      };
      const controller = new AbortController();
      let aborted = 0;
      const display = {
        open: async (_total: number, _from: number, unit: string) => ({
          update: (done: number) => {
            if (unit !== "steps" || done !== stuckAt) return;
            aborted = performance.now();
            controller.abort(new Error("stop"));
          },
          reached() {},
          stop() {},
        }),
        say() {},
      };
      await expect(run(out, { training, signal: controller.signal, display })).rejects.toThrow(kept);
      expect(performance.now() - aborted).toBeLessThan(900);
      await run(out, { resume: true });
      for (const file of ["checkpoint.safetensors", "best.safetensors"]) {
        expect((await bytes(out, file)).equals(await bytes("whole", file)), file).toBe(true);
      }
    },
  );

  /** Runs where the device is lost each time that a step is reached. */
  function runWithLosses(out: string, steps: readonly number[]) {
    const engines: Engine[] = [];
    const left = [...steps];
    const said: string[] = [];
    const training: typeof TOY = {
      ...TOY,
      create: (engine, request) => {
        engines.push(engine);
        return TOY.create(engine, request);
      },
    };
    const display = {
      open: async (_total: number, _from: number, unit: string) => ({
        update: (done: number) => {
          if (unit !== "steps" || done !== left[0]) return;
          left.shift();
          engines.at(-1)?.device.destroy();
        },
        reached() {},
        stop() {},
      }),
      say: (text: string) => said.push(text),
    };
    return { result: run(out, { training, display }), engines, said };
  }

  it("goes on to the bit from the last checkpoint after its device was lost, three times", async () => {
    const { result, engines, said } = runWithLosses("lost", [2, 4, 5]);
    await result;
    expect(engines).toHaveLength(4);
    expect(said.filter((text) => text.includes("device was lost")).map((text) => text.slice(-16))).toEqual([
      " (1 of 3 times).",
      " (2 of 3 times).",
      " (3 of 3 times).",
    ]);
    for (const name of ["checkpoint.safetensors", "best.safetensors"]) {
      expect((await bytes("lost", name)).equals(await bytes("whole", name)), name).toBe(true);
    }
    expect((await readdir(path("lost"))).sort()).toEqual((await readdir(path("whole"))).sort());
  });

  it("gives up with the fourth device, and the run can be resumed", async () => {
    await expect(runWithLosses("hopeless", [1, 1, 1, 1]).result).rejects.toThrow(DeviceLostError);
    await run("hopeless", { resume: true });
    const name = "checkpoint.safetensors";
    expect((await bytes("hopeless", name)).equals(await bytes("whole", name))).toBe(true);
  });

  it("leaves a finished run, another version's and another training's as they are", async () => {
    const before = await bytes("whole", "config.json");
    expect((await run("whole", { resume: true })).adapter).toBeUndefined();
    await expect(run("whole", { resume: true, version: "2" })).rejects.toThrow(
      /is of version 1, and this is 2/,
    );
    const other = { ...TOY, name: "other" };
    await expect(run("whole", { resume: true, training: other })).rejects.toThrow(RunError);
    expect((await bytes("whole", "config.json")).equals(before)).toBe(true);
    expect(await readdir(path("whole"))).toHaveLength(5);
  });
});
