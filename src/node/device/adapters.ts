import { isMainThread } from "node:worker_threads";
import { type AdapterDescription, type AdapterKind, describeAdapter } from "../../engine/device/adapter.js";
import { deviceRequest } from "../../engine/device/engine.js";
import { EngineError, NoAdapterError } from "../../engine/errors.js";
import { findBundledChromium } from "./bundled-chromium.js";
import { type Dawn, loadDawn } from "./dawn.js";
import { withoutHarmlessWarnings } from "./quiet-stderr.js";
import { findSwiftShader } from "./swiftshader.js";
import { hasSystemLoader, preloadLoader, withDrivers } from "./vulkan-loader.js";

/** The kinds of adapters to choose from: a real GPU, Mesa's software driver, or the bundled software driver. */
export const ADAPTER_CHOICES = ["gpu", "lavapipe", "swiftshader"] as const;
export type AdapterChoice = (typeof ADAPTER_CHOICES)[number];

/** A kind of adapter, or a part of one's name as `listAdapters` gives it, whatever the case. */
export type AdapterName = AdapterChoice | (string & {});

/** An adapter of this machine. */
export interface FoundAdapter extends AdapterDescription {
  /** The origin of its driver: the system, or this package's optional dependency. */
  readonly source: "system" | "bundled";
}

export interface NodeDeviceOptions {
  /** Default: `$METAKERNELGAN_ADAPTER`, else the best one found. */
  readonly adapter?: AdapterName;
  /**
   * Whether Dawn adds bounds checks to every access of a shader to a buffer. Default: only on a real GPU. On a software
   * driver they cost up to a quarter of the time, and this package's own shaders never leave their buffers; switch
   * them on to run shaders of your own, where an index out of bounds would reach foreign memory.
   */
  readonly boundsChecks?: boolean;
}

/** What is asked of an adapter. */
type DescribeDevice = (adapter: GPUAdapter) => GPUDeviceDescriptor;

/** Dawn's name of lavapipe's device begins with this. */
const LAVAPIPE_NAME = "llvmpipe";

const WITHOUT_BOUNDS_CHECKS = "enable-dawn-features=disable_robustness";

/** By default Dawn rounds GPU timestamps to 65.5 µs, against spying pages: longer than many kernels run. */
const PRECISE_TIMESTAMPS = "disable-dawn-features=timestamp_quantization";

/** Best first. */
const PREFERENCE: readonly AdapterKind[] = ["gpu", "lavapipe", "swiftshader", "software"];

/**
 * Dawn's instance and the adapter must outlive the device, but the device's wrapper does not hold them. The map is weak,
 * so that they go with the device.
 */
const keepAlive = new WeakMap<GPUDevice, readonly [GPU, GPUAdapter]>();

/**
 * A device on the best adapter of this machine, or on the one asked for: a GPU, else the system's lavapipe, else
 * the SwiftShader of the optional dependency, which needs no Vulkan on the system. The limits
 * `maxStorageBufferBindingSize` and `maxBufferSize` are the adapter's; `timestamp-query`, `shader-f16` and
 * `subgroups` are on where offered. Call `device.destroy()` when done.
 *
 * A worker thread gets SwiftShader only if it shares the process's environment (`SHARE_ENV`).
 * @param describe what to ask of the adapter; unless given, all that the engine can use.
 * @throws {NoAdapterError} if there is none; the message says what to install.
 * @throws {CacheError} if SwiftShader is needed and cannot be unpacked.
 */
export async function requestNodeDevice(
  options: NodeDeviceOptions = {},
  describe: DescribeDevice = deviceRequest,
): Promise<GPUDevice> {
  const choice = options.adapter ?? (process.env.METAKERNELGAN_ADAPTER || undefined);
  const dawn = await loadDawn();
  let failure: unknown;
  for (const open of [openSystem, openBundled]) {
    try {
      const found = await open(dawn, choice, options.boundsChecks, describe);
      if (found) return found;
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure instanceof EngineError) throw failure;
  if (!isKind(choice)) throw new NoAdapterError(await noNameMessage(choice, options.adapter === undefined));
  throw new NoAdapterError(await noAdapterMessage(choice, failure), { cause: failure });
}

/**
 * Every adapter of this machine that WebGPU accepts, in the order in which `requestNodeDevice` prefers them. An
 * empty list if there is none.
 * @throws {NoAdapterError} if Dawn itself does not load.
 * @throws {CacheError} if SwiftShader cannot be unpacked.
 */
export async function listAdapters(): Promise<FoundAdapter[]> {
  const dawn = await loadDawn();
  const found: FoundAdapter[] = [];
  if (hasSystemLoader()) found.push(...(await listSystem(dawn)));
  if (!found.some(({ kind }) => kind === "swiftshader")) {
    const open = await withBundledDriver(() => requestAdapter(dawn, []));
    const description = open && describeAdapter(open.adapter.info);
    if (description?.kind === "swiftshader") found.push({ ...description, source: "bundled" });
  }
  return found.sort((a, b) => PREFERENCE.indexOf(a.kind) - PREFERENCE.indexOf(b.kind));
}

/** Whether a choice is a kind of adapter, or none was made. */
function isKind(choice: AdapterName | undefined): choice is AdapterChoice | undefined {
  return choice === undefined || ADAPTER_CHOICES.some((known) => known === choice);
}

/** Whether an adapter's name contains what was asked for. Dawn writes the same name with and without signs. */
function hasName(name: string, asked: AdapterName): boolean {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return plain(name).includes(plain(asked));
}

/** Whether an adapter is one that was asked for. */
export function isChosen({ kind, name }: Pick<FoundAdapter, "kind" | "name">, choice: AdapterName): boolean {
  return isKind(choice) ? kind === choice : hasName(name, choice);
}

/** Dawn's flags that leave the adapters of a choice; undefined if no adapter has its name. */
async function filterFor(dawn: Dawn, choice: AdapterName | undefined): Promise<string[] | undefined> {
  if (choice === "lavapipe") return [`adapter=${LAVAPIPE_NAME}`];
  if (isKind(choice)) return [];
  const named = (await adapterNames(dawn)).find(({ name }) => hasName(name, choice));
  return named && [`backend=${named.backend}`, `adapter=${named.name}`];
}

/** A device of one of the system's own drivers; undefined if there is none, or none of the kind asked for. */
async function openSystem(
  dawn: Dawn,
  choice: AdapterName | undefined,
  boundsChecks: boolean | undefined,
  describe: DescribeDevice,
): Promise<GPUDevice | undefined> {
  if (choice === "swiftshader" || !hasSystemLoader()) return undefined;
  return withDrivers(undefined, async () => {
    const filter = await filterFor(dawn, choice);
    if (!filter) return undefined;
    const flags = boundsChecks ? filter : [...filter, WITHOUT_BOUNDS_CHECKS];
    const found = await requestAdapter(dawn, flags);
    if (!found) return undefined;
    const { kind } = describeAdapter(found.adapter.info);
    if (choice !== undefined && isKind(choice) && choice !== kind) return undefined;
    if (kind !== "gpu" || boundsChecks !== undefined) return openDevice(found, describe);
    // The checks belong to the instance, and only now is it known that this is a GPU.
    return openDevice((await requestAdapter(dawn, filter)) ?? found, describe);
  });
}

/** A device of the SwiftShader that the optional dependency brings; undefined if it is not installed. */
async function openBundled(
  dawn: Dawn,
  choice: AdapterName | undefined,
  boundsChecks: boolean | undefined,
  describe: DescribeDevice,
): Promise<GPUDevice | undefined> {
  if (isKind(choice) && choice !== undefined && choice !== "swiftshader") return undefined;
  return withBundledDriver(async () => {
    const found = await requestAdapter(dawn, boundsChecks ? [] : [WITHOUT_BOUNDS_CHECKS]);
    if (!found) return undefined;
    // In a worker thread, the choice of driver may not have reached the loader.
    const description = describeAdapter(found.adapter.info);
    return description.kind === "swiftshader" && isChosen(description, choice ?? "swiftshader")
      ? openDevice(found, describe)
      : undefined;
  });
}

/** Runs `work` where SwiftShader is the only driver; undefined if the optional dependency is not installed. */
async function withBundledDriver<T>(work: () => Promise<T>): Promise<T | undefined> {
  const swiftShader = await findSwiftShader();
  if (!swiftShader) return undefined;
  if (!hasSystemLoader()) preloadLoader(swiftShader.loader);
  return withDrivers(swiftShader.manifest, work);
}

interface OpenAdapter {
  readonly gpu: GPU;
  readonly adapter: GPUAdapter;
}

/** The best adapter that a new Dawn instance with these flags offers; undefined if there is none. */
async function requestAdapter(dawn: Dawn, flags: readonly string[]): Promise<OpenAdapter | undefined> {
  const gpu = dawn.create([PRECISE_TIMESTAMPS, ...flags]);
  // Dawn for Node throws, rather than give null, where no adapter has the name in `flags`.
  const adapter = await withoutHarmlessWarnings(() =>
    gpu.requestAdapter({ powerPreference: "high-performance" }),
  ).catch(() => null);
  return adapter ? { gpu, adapter } : undefined;
}

async function openDevice({ gpu, adapter }: OpenAdapter, describe: DescribeDevice): Promise<GPUDevice> {
  const device = await adapter.requestDevice(describe(adapter));
  keepAlive.set(device, [gpu, adapter]);
  return device;
}

/** The adapters of the system's own drivers, each described by an instance that sees only this one. */
function listSystem(dawn: Dawn): Promise<FoundAdapter[]> {
  return withDrivers(undefined, async () => {
    const found: FoundAdapter[] = [];
    for (const { name, backend } of await adapterNames(dawn)) {
      const open = await requestAdapter(dawn, [`backend=${backend}`, `adapter=${name}`]);
      if (open) found.push({ ...describeAdapter(open.adapter.info), source: "system" });
    }
    return found;
  });
}

/** Dawn lists its adapters only in its message about an unknown adapter's name. */
async function adapterNames(dawn: Dawn): Promise<{ name: string; backend: string }[]> {
  try {
    const gpu = dawn.create(["adapter=none of this name"]);
    await withoutHarmlessWarnings(() => gpu.requestAdapter());
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    return [...message.matchAll(/backend: '([^']*)', name: '(.*)'/g)].map(([, backend = "", name = ""]) => ({
      backend,
      name,
    }));
  }
}

/** @param byEnvironment whether the name came from the environment. */
async function noNameMessage(name: AdapterName, byEnvironment: boolean): Promise<string> {
  const names = (await listAdapters()).map((adapter) => adapter.name);
  return (
    `${byEnvironment ? "METAKERNELGAN_ADAPTER" : "The adapter"} is "${name}"; it can be gpu, lavapipe or swiftshader, ` +
    `or a part of an adapter's name here: ${names.join(", ") || "there is none"}.`
  );
}

async function noAdapterMessage(choice: AdapterChoice | undefined, failure: unknown): Promise<string> {
  const reason = failure instanceof Error ? ` (${failure.message})` : "";
  if (choice === "gpu") {
    return `WebGPU found no GPU on this machine${reason}: install its driver with Vulkan, or choose another adapter.`;
  }
  if (choice === "lavapipe") {
    return `WebGPU found no lavapipe on this machine${reason}: install Mesa's Vulkan drivers, or choose another adapter.`;
  }
  if (process.platform !== "linux" || process.arch !== "x64") {
    return choice === "swiftshader"
      ? "The bundled SwiftShader runs on x64 Linux only: choose another adapter."
      : `WebGPU found no adapter on this machine${reason}: install a GPU driver with Vulkan, Metal or Direct3D 12.`;
  }
  if (await findBundledChromium()) {
    const advice = isMainThread ? "" : "; in a worker thread it needs the option `env: SHARE_ENV`";
    return `WebGPU found no adapter on this machine, and the bundled SwiftShader did not start${reason}${advice}.`;
  }
  return (
    "WebGPU found no adapter on this machine: the optional dependency @sparticuz/chromium, which brings a software " +
    "driver, is not installed; run `npm ci` again without --omit=optional, or install a Vulkan driver."
  );
}
