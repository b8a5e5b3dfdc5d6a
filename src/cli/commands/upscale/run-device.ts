import { type DeviceLostError, NumericalError } from "../../../engine/errors.js";
import { ImageError } from "../../../image/errors.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { lossBehind } from "../../../node/device/device-loss.js";
import { UpscaleError } from "../../../upscale/errors.js";
import type { UpscaleInputs } from "./inputs.js";
import { closeTools, type DeviceTools, openTools } from "./tools.js";

/** Errors that leave the device as it was. */
const HARMLESS = [ImageError, UpscaleError, NumericalError];

/** The device of a run and what is loaded on it: opened for the first image, and anew after an error of the device. */
export class RunDevice {
  private tools?: DeviceTools;

  constructor(
    private readonly inputs: UpscaleInputs,
    private readonly adapter: AdapterChoice | undefined,
  ) {}

  /**
   * Does the work on one image, and does it once more with a new device if the device was lost.
   * @param onLoss called in between.
   */
  async use<T>(
    work: (tools: DeviceTools) => Promise<T>,
    onLoss: (loss: DeviceLostError) => void,
    isRetry = false,
  ): Promise<T> {
    this.tools ??= await openTools(this.inputs, this.adapter);
    const { tools } = this;
    try {
      return await work(tools);
    } catch (error) {
      if (HARMLESS.some((kind) => error instanceof kind)) throw error;
      const loss = await lossBehind(error, tools.engine);
      // It is unknown what else failed with it.
      this.close();
      if (!loss || isRetry) throw loss ?? error;
      onLoss(loss);
      return this.use(work, onLoss, true);
    }
  }

  /** Frees everything, and the device. */
  close(): void {
    if (this.tools) closeTools(this.tools);
    this.tools = undefined;
  }
}
