import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findImages, leftOutText } from "../../../src/node/image-io/find-images.js";

const folder = mkdtempSync(join(tmpdir(), "find-images-"));
afterAll(() => {
  chmodSync(join(folder, "closed"), 0o700);
  rmSync(folder, { recursive: true });
});

test("what cannot be opened is left out, with the reason, and the rest is found", async () => {
  writeFileSync(join(folder, "a.png"), "");
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/caf`), Buffer.of(0xe9), Buffer.from(".png")]), "");
  mkdirSync(join(folder, "closed"));
  writeFileSync(join(folder, "closed/b.png"), "");
  chmodSync(join(folder, "closed"), 0);
  const { images, leftOut } = await findImages(folder, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  expect(images.map(({ path }) => path)).toEqual(
    isRoot ? [join(folder, "a.png"), join(folder, "closed/b.png")] : [join(folder, "a.png")],
  );
  const text = leftOutText(folder, leftOut);
  expect(text).toContain("(its name is not UTF-8: rename it)");
  if (!isRoot) expect(text).toContain("closed (it cannot be opened)");
});

test("a link to a folder is left out with a reason, in a circle, too", async () => {
  const circle = join(folder, "circle");
  mkdirSync(circle);
  writeFileSync(join(circle, "a.png"), "");
  symlinkSync(".", join(circle, "self"));
  for (const [recursive, reason] of [
    [false, "folders are read with -r"],
    [true, "its folder is read already"],
  ] as const) {
    const { images, leftOut } = await findImages(circle, { recursive });
    expect(images).toEqual([{ path: join(circle, "a.png"), within: "" }]);
    expect(leftOut).toEqual([{ path: join(circle, "self"), reason }]);
  }
});
