import { describe, it } from "vitest";
import { CollapsedChain } from "../../../../src/engine/ops/convolution/collapse.js";
import { sigmoid } from "../../../../src/engine/ops/elementwise/sigmoid.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { collapse } from "../../../oracle/collapse.js";
import { sigmoid as sigmoidOracle } from "../../../oracle/sigmoid.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray } from "../../../support/gradient-check.js";

const gpu = useEngine();

/** [outputs, side] of each layer. */
const CHAINS = [
  [[1, 3]],
  [
    [2, 1],
    [1, 1],
  ],
  [
    [3, 3],
    [1, 2],
  ],
  [
    [2, 1],
    [5, 4],
    [1, 3],
  ],
  [
    [4, 5],
    [3, 3],
    [2, 1],
    [1, 2],
  ],
  [
    [3, 3],
    [2, 1],
    [4, 2],
    [2, 1],
    [1, 1],
  ],
] as const;

describe("CollapsedChain", () => {
  it.each(CHAINS.map((chain, seed) => ({ chain, seed, text: JSON.stringify(chain) })))(
    "is the kernel that the layers $text together are",
    async ({ chain, seed }) => {
      const random = new RandomStream(seed, 2);
      const weights = chain.map(([outputs, size], layer) =>
        randomArray(random, [outputs, chain[layer - 1]?.[0] ?? 1, size, size]),
      );
      const names = weights.map((_, layer) => `w${layer}`);
      let made: CollapsedChain | undefined;
      await expectMatches(gpu.engine, {
        inputs: Object.fromEntries(weights.map((weight, layer) => [`w${layer}`, weight])),
        together: [names],
        record: (tape, tensors) => {
          made = new CollapsedChain(
            gpu.engine,
            names.map((name) => tensors[name]),
          );
          made.refresh(tape);
          return [made.kernel(tape)];
        },
        oracle: (inputs) => [collapse(names.map((name) => inputs[name]))],
        wrt: names,
        dispose: () => made?.dispose(),
      });
    },
  );

  it("adds its gradients to those that the weights have from elsewhere", async () => {
    const random = new RandomStream(9, 2);
    let made: CollapsedChain | undefined;
    await expectMatches(gpu.engine, {
      inputs: { first: randomArray(random, [3, 1, 3, 3]), last: randomArray(random, [1, 3, 2, 2]) },
      together: [["first", "last"]],
      record: (tape, { first, last }) => {
        made = new CollapsedChain(gpu.engine, [first, last]);
        made.refresh(tape);
        return [made.kernel(tape), sigmoid(tape, first), sigmoid(tape, last)];
      },
      oracle: ({ first, last }) => [collapse([first, last]), sigmoidOracle(first), sigmoidOracle(last)],
      wrt: ["first", "last"],
      dispose: () => made?.dispose(),
    });
  });
});
