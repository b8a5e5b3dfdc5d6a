import { afterEach, describe, expect, test, vi } from "vitest";
import { type AdapterDescription, describeAdapter } from "../../../src/engine/device/adapter.js";
import { NoAdapterError } from "../../../src/engine/errors.js";
import { listAdapters, requestNodeDevice } from "../../../src/node/device/adapters.js";
import { findBundledChromium } from "../../../src/node/device/bundled-chromium.js";
import { skipped } from "../../support/skip.js";

const SMOOTH = `
@group(0) @binding(0) var<storage, read_write> squares: array<u32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) { squares[id.x] = id.x * id.x; }`;

async function squares(device: GPUDevice, count: number): Promise<number[]> {
  const pipeline = await device.createComputePipelineAsync({
    layout: "auto",
    compute: { module: device.createShaderModule({ code: SMOOTH }), entryPoint: "main" },
  });
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const values = device.createBuffer({ size: 4 * count, usage: STORAGE | COPY_SRC });
  const readback = device.createBuffer({ size: 4 * count, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(
    0,
    device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [{ binding: 0, resource: { buffer: values } }],
    }),
  );
  pass.dispatchWorkgroups(count / 64);
  pass.end();
  encoder.copyBufferToBuffer(values, 0, readback, 0, 4 * count);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  return [...new Uint32Array(readback.getMappedRange().slice(0))];
}

const bundle = await findBundledChromium();
const VARIABLES = ["METAKERNELGAN_ADAPTER", "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "XDG_RUNTIME_DIR"];
const before = VARIABLES.map((name) => [name, process.env[name]] as const);

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe("the adapters of this machine", () => {
  test("are listed with everything that a result names, best first", async () => {
    const found = await listAdapters();
    expect(found.length).toBeGreaterThan(0);
    const fields: (keyof AdapterDescription)[] = ["name", "vendor", "kind", "driver"];
    for (const adapter of found) {
      for (const field of fields) expect(adapter[field], field).toMatch(/./);
      expect(JSON.parse(JSON.stringify(adapter))).toEqual(adapter);
    }
    const order = found.map(({ kind }) => ["gpu", "lavapipe", "swiftshader", "software"].indexOf(kind));
    expect(order).toEqual([...order].sort());
  });

  test("give the first of the list as default", async () => {
    vi.stubEnv("METAKERNELGAN_ADAPTER", "");
    const [best] = await listAdapters();
    const device = await requestNodeDevice();
    expect(describeAdapter(device.adapterInfo).kind).toBe(best?.kind);
    device.destroy();
    vi.unstubAllEnvs();
  });
});

const withoutBundle = skipped(
  !bundle,
  "SwiftShader of the optional dependency",
  "It is not installed: run npm ci without --omit=optional, on Linux",
);

describe.skipIf(withoutBundle)("SwiftShader of the optional dependency", () => {
  test("runs a shader, with raised limits, and leaves the environment as it was", async () => {
    process.env.VK_ICD_FILENAMES = "another.json";
    delete process.env.VK_DRIVER_FILES;
    const device = await requestNodeDevice({ adapter: "swiftshader" });
    expect(describeAdapter(device.adapterInfo)).toMatchObject({ kind: "swiftshader", vendor: "google" });
    expect(device.limits.maxStorageBufferBindingSize).toBeGreaterThan(134217728);
    expect(device.features.has("timestamp-query")).toBe(true);
    expect(await squares(device, 256)).toEqual(Array.from({ length: 256 }, (_, index) => index * index));
    expect(process.env.VK_ICD_FILENAMES).toBe("another.json");
    expect(process.env.VK_DRIVER_FILES).toBeUndefined();
    device.destroy();
  });

  test("can be chosen by the environment, and by several callers at once", async () => {
    process.env.METAKERNELGAN_ADAPTER = "swiftshader";
    const opened = await Promise.all([requestNodeDevice(), requestNodeDevice()]);
    expect(opened.map(({ adapterInfo }) => describeAdapter(adapterInfo).kind)).toEqual([
      "swiftshader",
      "swiftshader",
    ]);
    for (const device of opened) device.destroy();
  });

  test("steps in where the system's drivers offer nothing", async () => {
    process.env.VK_DRIVER_FILES = process.env.VK_ICD_FILENAMES = "missing.json";
    const device = await requestNodeDevice();
    expect(describeAdapter(device.adapterInfo).kind).toBe("swiftshader");
    device.destroy();
    await expect(requestNodeDevice({ adapter: "gpu" })).rejects.toThrow(/found no GPU on this machine/);
    await expect(requestNodeDevice({ adapter: "lavapipe" })).rejects.toThrow(NoAdapterError);
  });
});

test("an unknown name in the environment is refused with the known ones", async () => {
  process.env.METAKERNELGAN_ADAPTER = "quantum";
  await expect(requestNodeDevice()).rejects.toThrow(
    /^METAKERNELGAN_ADAPTER is "quantum"; it can be gpu, lavapipe or swiftshader, or a part of .*: .*\w/,
  );
  await expect(requestNodeDevice({ adapter: "abacus" })).rejects.toThrow(
    /^The adapter is "abacus"; it can be/,
  );
});

test("each adapter can be chosen by a part of its name, in any case", async () => {
  for (const { name, kind } of await listAdapters()) {
    for (const asked of [name, name.slice(1, 9).toUpperCase()]) {
      const device = await requestNodeDevice({ adapter: asked });
      expect(describeAdapter(device.adapterInfo), asked).toMatchObject({ name, kind });
      device.destroy();
    }
  }
});

test("GPU timestamps are not rounded to the 65.5 µs of a browser", async () => {
  const device = await requestNodeDevice();
  const querySet = device.createQuerySet({ type: "timestamp", count: 32 });
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size: 256, usage: QUERY_RESOLVE | COPY_SRC });
  const readback = device.createBuffer({ size: 256, usage: MAP_READ | COPY_DST });
  const encoder = device.createCommandEncoder();
  for (let pass = 0; pass < 16; pass++) {
    encoder
      .beginComputePass({
        timestampWrites: {
          querySet,
          beginningOfPassWriteIndex: 2 * pass,
          endOfPassWriteIndex: 2 * pass + 1,
        },
      })
      .end();
  }
  encoder.resolveQuerySet(querySet, 0, 32, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, readback, 0, 256);
  device.queue.submit([encoder.finish()]);
  await readback.mapAsync(GPUMapMode.READ);
  const times = [...new BigUint64Array(readback.getMappedRange().slice(0))];
  expect(times.some((time) => time % 65_536n !== 0n)).toBe(true);
  device.destroy();
});
