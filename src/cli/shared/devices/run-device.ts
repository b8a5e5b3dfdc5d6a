import type { AdapterDescription } from "../../../engine/device/adapter.js";
import type { Engine } from "../../../engine/device/engine.js";
import { NumericalError } from "../../../engine/errors.js";
import { EstimateError } from "../../../estimate/errors.js";
import { ImageError } from "../../../image/errors.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { lossBehind } from "../../../node/device/device-loss.js";
import { UpscaleError } from "../../../upscale/errors.js";
import { closeEngine } from "./close-engine.js";

/** Errors that leave the device as it was. */
const HARMLESS = [EstimateError, ImageError, UpscaleError, NumericalError];

/** Loads what a run needs on a device. */
export type LoadTools<Tools> = (engine: Engine) => Promise<Tools>;

interface Opened<Tools> {
  readonly engine: Engine;
  readonly tools: Tools;
}

/** The device of a run and what is loaded on it: opened when it is first used, and anew after an error of the device. */
export class RunDevice<Tools> {
  private opened?: Opened<Tools>;
  private lastAdapter?: AdapterDescription;

  /** @param load loads the tools; they go with the device. */
  constructor(
    private readonly choice: AdapterChoice | undefined,
    private readonly load: LoadTools<Tools>,
  ) {}

  /** The adapter of the latest device; undefined before the first use. */
  get adapter(): AdapterDescription | undefined {
    return this.lastAdapter;
  }

  /**
   * Does some work, and does it once more with a new device if the device was lost.
   * @param onLoss called in between.
   * @throws {NoAdapterError} if no device is found.
   * @throws {DeviceLostError} if the new device is lost, too.
   */
  async use<T>(work: (tools: Tools) => Promise<T>, onLoss: () => void, isRetry = false): Promise<T> {
    this.opened ??= await this.open();
    const { engine, tools } = this.opened;
    try {
      return await work(tools);
    } catch (error) {
      if (HARMLESS.some((kind) => error instanceof kind)) throw error;
      const loss = await lossBehind(error, engine);
      // It is unknown what else failed with it.
      await this.close();
      if (!loss || isRetry) throw loss ?? error;
      onLoss();
      return this.use(work, onLoss, true);
    }
  }

  /** Frees the device, and so everything on it. */
  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened) await closeEngine(opened.engine);
  }

  private async open(): Promise<Opened<Tools>> {
    const engine = await createEngine({ adapter: this.choice });
    try {
      this.lastAdapter = engine.adapter;
      return { engine, tools: await this.load(engine) };
    } catch (error) {
      engine.dispose();
      throw error;
    }
  }
}
