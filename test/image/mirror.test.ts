import { expect, it } from "vitest";
import { mirror } from "../../src/image/mirror.js";

it("folds an index back inside, without repeating the outermost sample", () => {
  const indices = [-4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7];
  expect(indices.map((index) => mirror(index, 4))).toEqual([2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]);
  expect(indices.map((index) => mirror(index, 2))).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
});

it("has one place to go to if there is one sample", () => {
  for (const index of [-3, -1, 0, 1, 2]) expect(mirror(index, 1)).toBe(0);
});
