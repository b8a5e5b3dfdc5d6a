import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Engine } from "../../src/engine/device/engine.js";
import { EngineError } from "../../src/engine/errors.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { FourierUpscaler } from "../../src/upscale/fourier/fourier-upscaler.js";
import { useOwnEngine } from "../support/engine.js";
import { syntheticImage } from "../support/synthetic-image.js";

const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
/** With its padding 32×32: few shaders for its Fourier transform. */
const image = syntheticImage(1, 8, 8);

describe("an engine on the caller's device", () => {
  const host = useOwnEngine();

  it("does not mind the caller's failures, and the caller hears none of its own", async () => {
    const { device, wait } = host.engine;
    const heard: string[] = [];
    const listen = (event: GPUUncapturedErrorEvent): void => {
      heard.push(event.error.message);
      event.preventDefault();
    };
    device.addEventListener("uncapturederror", listen);
    const engine = new Engine(device, false, wait);
    device.createBuffer({ label: "the caller's", size: 16, usage: 0x8000 });
    await engine.synchronize();
    await engine.read(engine.tensor([4]));
    expect(heard.join()).toContain("the caller's");
    heard.length = 0;
    const freed = engine.tensor([4]);
    engine.free(freed);
    engine.clear(freed);
    await expect(engine.synchronize()).rejects.toThrow(EngineError);
    await engine.synchronize();
    expect(heard).toEqual([]);
    device.removeEventListener("uncapturederror", listen);
    engine.dispose();
    // The caller's device lives on.
    await wait(device.queue.onSubmittedWorkDone());
  });

  it("leaves no memory and can be collected, a hundred times", async () => {
    const { device, wait } = host.engine;
    let bytes = 0;
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      bytes += descriptor.size;
      buffer.destroy = () => {
        bytes -= descriptor.size;
        return destroy();
      };
      return buffer;
    };
    const engines: WeakRef<Engine>[] = [];
    let peak = 0;
    const use = async (): Promise<void> => {
      const engine = new Engine(device, false, wait);
      engines.push(new WeakRef(engine));
      await (await FourierUpscaler.load(engine)).upscale(image, { kernel, scale: 2 });
      peak = Math.max(peak, engine.memory.peak);
      engine.dispose();
      expect(bytes).toBe(0);
    };
    for (let i = 0; i < 100; i++) await use();
    expect(peak).toBeGreaterThan(100_000);
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    for (let i = 0; i < 10 && engines.some((engine) => engine.deref()); i++) {
      await new Promise((later) => setTimeout(later, 20));
      collect();
    }
    expect(engines.filter((engine) => engine.deref())).toHaveLength(0);
  });
});
