import { expect, it } from "vitest";
import { gridWarning } from "../../../../src/cli/commands/evaluate/grid-warning.js";
import { blurKernel } from "../../../../src/kernel/blur-kernel.js";

it("says a place near zero without a sign", () => {
  const kernel = blurKernel([0, 0.1001, 0, 0.1, 0.6, 0.1, 0, 0.0999, 0], 2);
  expect(gridWarning([kernel], 2, "paper")).toContain("centered at (0.00, 0.00) pixels");
});
