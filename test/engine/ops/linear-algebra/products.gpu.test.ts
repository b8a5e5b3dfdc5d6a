import { describe, it } from "vitest";
import { matmul } from "../../../../src/engine/ops/linear-algebra/matmul.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { matmul as matmulOracle } from "../../../oracle/matmul.js";
import { useEngine } from "../../../support/engine.js";
import { expectMatches, randomArray, randomInteger } from "../../../support/gradient-check.js";
import { useProductVariants } from "../../../support/product-variants.js";

const gpu = useEngine();

describe("matmul", () => {
  const variants = useProductVariants(gpu);

  const random = new RandomStream(1, 5);
  const drawn = Array.from({ length: 3 }, () => 4 * randomInteger(random, 1, 7));

  // Tiles are 4, 8, 16 and 32 rows or columns: whole ones, ragged ones, and sizes below one.
  it.each([
    [1, 4, 4, 4],
    [1, 32, 8, 64],
    [2, 36, 8, 40],
    [1, 8, 36, 12],
    [2, ...drawn],
  ])("equals its oracle in every variant that the device runs: N %i, M %i, K %i, P %i", async (...shape) => {
    const [N = 0, M = 0, K = 0, P = 0] = shape;
    await expectMatches(variants, {
      inputs: { a: randomArray(random, [N, M, K]), b: randomArray(random, [N, K, P]) },
      record: (tape, { a, b }) => [matmul(tape, a, b)],
      oracle: ({ a, b }) => [matmulOracle(a, b)],
      wrt: ["a", "b"],
    });
  });

  it("adds the gradients of factors that are used twice, in every variant", async () => {
    await expectMatches(variants, {
      inputs: { a: randomArray(random, [1, 12, 12]), b: randomArray(random, [1, 12, 20]) },
      // a² · b and a · b, so that every product of the backward pass adds to another.
      record: (tape, { a, b }) => {
        const once = matmul(tape, a, b);
        return [matmul(tape, a, once), once];
      },
      oracle: ({ a, b }) => {
        const once = matmulOracle(a, b);
        return [matmulOracle(a, once), once];
      },
      wrt: ["a", "b"],
    });
  });
});
