import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { RANDOM_STREAMS } from "../../src/engine/random-streams.js";
import { DISCRIMINATOR_CONVOLUTIONS, GAN_TENSORS } from "../../src/weights/layouts/gan-layout.js";
import { METAKERNELGAN_LAYOUT } from "../../src/weights/layouts/network-layout.js";

/** Uses that take more than one stream. */
const COUNTS: Partial<Record<keyof typeof RANDOM_STREAMS, number>> = {
  ganWeights: Math.max(GAN_TENSORS.length, METAKERNELGAN_LAYOUT.size),
  discriminatorInitialization: DISCRIMINATOR_CONVOLUTIONS.length,
};

it("gives no two uses the same stream", () => {
  const users = new Map<number, string>();
  for (const [name, first] of Object.entries(RANDOM_STREAMS)) {
    const count = COUNTS[name as keyof typeof RANDOM_STREAMS] ?? 1;
    for (let stream = first; stream < first + count; stream++) {
      expect(users.get(stream), `stream ${stream} of ${name}`).toBeUndefined();
      users.set(stream, name);
    }
  }
});

it("is the only place where product code names a stream's number", () => {
  const root = fileURLToPath(new URL("../../src", import.meta.url));
  // The page draws its example pictures from seeds of their own.
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
    (name) => name.endsWith(".ts") && !/web.drawings/.test(name),
  );
  expect(files.length).toBeGreaterThan(200);
  for (const name of files) {
    const source = readFileSync(join(root, name), "utf8");
    for (const [call] of source.matchAll(/new RandomStream\((?:[^()]|\([^()]*\))*\)/g)) {
      expect(call, name).toContain("RANDOM_STREAMS.");
    }
  }
});
