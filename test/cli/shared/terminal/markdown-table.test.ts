import { expect, it } from "vitest";
import { markdownTable } from "../../../../src/cli/shared/terminal/markdown-table.js";

it("aligns words on the left and numbers on the right, and escapes bars in cells", () => {
  const columns = [
    { head: "Image", cell: ([name]: readonly [string, number]) => name, words: true },
    { head: "PSNR", cell: ([, value]: readonly [string, number]) => value.toFixed(1) },
  ];
  expect(markdownTable(columns, [["a|b.png", 31]])).toBe(
    "| Image | PSNR |\n| --- | ---: |\n| a\\|b.png | 31.0 |",
  );
});
