import { expect, it } from "vitest";
import { RandomStream } from "../../../src/engine/random.js";
import { CONDITIONS } from "../../../src/train/guided/guided-sample.js";
import { randomPatch, type SampleFile } from "../../../src/train/guided/sample-source.js";

const CAMERA = CONDITIONS.indexOf("camera");
const PROBABILITIES = [0, 0.2, 0.4, 0.6, 0.8, 1];

/** Samples of one small pixel whose noise is the probability that a camera took them. */
const FILE: SampleFile = {
  count: PROBABILITIES.length,
  height: 1,
  width: 1,
  scale: 2,
  cameras: PROBABILITIES,
  read: (index) => {
    const camera = PROBABILITIES[index] as number;
    return {
      small: new Uint8Array(3),
      sharp: new Uint8Array(12),
      guesses: new DataView(new ArrayBuffer(48)),
      kernel: Float32Array.of(1),
      conditions: Float32Array.from(CONDITIONS, (_, i) => (i === CAMERA || i === 0 ? camera : 0)),
    };
  },
};

/** The probabilities of the photos that are drawn, those told to the network and those of which it is told nothing. */
function drawn(photos: "all" | "camera" | "other"): { told: number[]; untold: number[] } {
  const random = new RandomStream(1, 2);
  const result = { told: new Set<number>(), untold: new Set<number>() };
  for (let i = 0; i < 1000; i++) {
    const { conditions } = randomPatch([FILE], 1, random, photos);
    const [own, told] = [conditions[0], conditions[CAMERA]].map((value) => Math.round(10 * value) / 10);
    (told === own ? result.told : result.untold).add(own as number);
  }
  return { told: [...result.told].sort(), untold: [...result.untold].sort() };
}

it("draws all photos, and of some tells nothing but the noise", () => {
  expect(drawn("all")).toEqual({ told: PROBABILITIES, untold: PROBABILITIES });
});

it("draws the photos that a camera took or may have taken", () => {
  expect(drawn("camera")).toEqual({ told: [0.4, 0.6, 0.8, 1], untold: [] });
});

it("draws all others, and camera photos of which nothing is told", () => {
  expect(drawn("other")).toEqual({ told: [0, 0.2, 0.4, 0.6], untold: PROBABILITIES });
});
