import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "vite";
import type { Engine } from "../../src/engine/device/engine.js";
import { type NodeDeviceOptions, requestNodeDevice } from "../../src/node/device/adapters.js";
import { createEngine } from "../../src/node/device/create-engine.js";
import { buildFolder } from "../build-folder.js";
import { Harness } from "../harness/harness.js";
import type { Host } from "./host.js";

/**
 * Measures in this process, with Dawn.
 * @param folder the folder of the bench.
 * @param peers names of the peers that may be loaded.
 */
export async function openNode(
  folder: string,
  peers: readonly string[],
  { adapter, boundsChecks }: Pick<NodeDeviceOptions, "adapter" | "boundsChecks"> = {},
): Promise<Host> {
  if (peers.length > 0) await buildPeers(folder, peers);
  const harness = await Harness.open(
    () => createEngine({ adapter, boundsChecks }),
    (engine) => boundsChecks ?? checksBounds(engine),
  );
  offerWebGpu(adapter);
  const manifest = createRequire(import.meta.url).resolve("webgpu/package.json");
  return {
    harness,
    versions: { "webgpu (Dawn)": JSON.parse(readFileSync(manifest, "utf8")).version },
    peerUrl: (name) => pathToFileURL(join(buildFolder(folder, "peers"), `${name}.js`)).href,
    close: () => harness.close(),
  };
}

/** On a software driver, the package switches the checks off unless told otherwise. */
function checksBounds({ adapter }: Engine): boolean {
  return adapter.kind === "gpu";
}

/** Bundles the peers as for a page, since Node cannot resolve all modules of the published packages. */
async function buildPeers(folder: string, peers: readonly string[]): Promise<void> {
  await build({
    configFile: join(folder, "vite.config.ts"),
    mode: "peers",
    ssr: { noExternal: true },
    build: {
      ssr: true,
      rolldownOptions: {
        input: Object.fromEntries(peers.map((name) => [name, join(folder, "peers", `${name}.js`)])),
      },
    },
  });
}

/**
 * Offers the peers, which were written for browsers, the same WebGPU adapter with the same toggles as this package. They ask
 * it for the features and limits that they want, as in a browser.
 */
function offerWebGpu(name?: string): void {
  const requestAdapter = async () => {
    let adapter: GPUAdapter | undefined;
    const probe = await requestNodeDevice({ adapter: name }, (found) => {
      adapter = found;
      return {};
    });
    probe.destroy();
    const { features, limits, info } = adapter as GPUAdapter;
    return {
      features,
      limits,
      info,
      requestDevice: (descriptor: GPUDeviceDescriptor = {}) =>
        requestNodeDevice({ adapter: name }, () => descriptor),
    };
  };
  const own = globalThis.navigator ?? { userAgent: "Node", hardwareConcurrency: 1 };
  Object.defineProperty(own, "gpu", { value: { requestAdapter }, configurable: true });
  Object.defineProperty(globalThis, "navigator", { value: own, configurable: true });
}
