import { it } from "vitest";
import { profile } from "/work/main/src/engine/profiler.js";
import { Adaptation } from "/work/main/src/train/adaptation.js";
import json from "/work/main/test/fixtures/adaptation.json";
import { useEngine } from "/work/main/test/support/engine.js";
import { syntheticImage, syntheticWeights } from "/work/main/test/support/synthetic.js";

const fixture = json as any;
const gpu = useEngine();
it("prof", async () => {
  const weights = new Map([...syntheticWeights(fixture)].map(([name, { data }]) => [name, data]));
  const N = Number(process.env.STEPS ?? 25);
  const corners = Array.from({ length: N }, (_, i) => fixture.patches[i % 25]).flat();
  const adaptation = await Adaptation.record(gpu.engine, weights, {
    image: syntheticImage(fixture),
    corners,
    seed: 1,
    noise: true,
  });
  if (!process.env.NOPROF) {
    await profile(adaptation.step);
    const p = await profile(adaptation.step);
    console.table(p.map((r) => ({ ...r, GFLOPs: (2 * r.multiplyAdds) / r.milliseconds / 1e6 })));
    console.log(
      "sum",
      p.reduce((s, r) => s + r.milliseconds, 0),
    );
  }
  const t1 = performance.now();
  await adaptation.run();
  console.log(gpu.engine.adapter.name, "ms/step", (performance.now() - t1) / N);
}, 200000);
