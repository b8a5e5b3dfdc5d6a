import { DeviceLostError, EngineError, OutOfMemoryError } from "../errors.js";

/** What calls of the device belong to. */
export interface CallContext {
  /** When its failure is thrown, others of the same source are dropped. Default: what the calls return. */
  readonly source?: object;
  /** A source that the calls use: where it failed, they can only fail too. */
  readonly uses?: object;
  /** What takes memory in the calls, for the message about too little of it. */
  readonly what?: string;
}

/** Calls of the device that it has not judged yet, or that failed. */
interface ObservedCalls {
  readonly source: unknown;
  readonly uses?: object;
  readonly error: Promise<EngineError | undefined>;
}

/**
 * What a device reports, late and apart from the call that caused it. Each failure is thrown once, by the
 * first wait after that call; then the device can be used again. Only the loss of the device stays.
 */
export class DeviceErrors {
  private readonly observed = new Set<ObservedCalls>();
  private readonly loss: Loss;

  /** @param owned whether nobody else uses the device; else the failures of others' calls are none of the engine's. */
  constructor(
    private readonly device: GPUDevice,
    owned: boolean,
  ) {
    if (owned) device.addEventListener("uncapturederror", this.onError);
    this.loss = lossOf(device);
  }

  private readonly onError = ({ error }: GPUUncapturedErrorEvent): void => {
    this.observed.add({ source: this, error: Promise.resolve(engineError(error)) });
  };

  /**
   * Runs calls of the device, whose failure {@link settle} throws. Once it is thrown, its consequences are
   * dropped.
   */
  observe<T>(calls: () => T, { source, uses, what }: CallContext = {}): T {
    const { device, observed } = this;
    let made: T | undefined;
    device.pushErrorScope("validation");
    device.pushErrorScope("out-of-memory");
    try {
      made = calls();
      return made;
    } finally {
      const entry: ObservedCalls = {
        source: source ?? made ?? {},
        uses,
        error: Promise.all([device.popErrorScope(), device.popErrorScope()]).then(
          ([memory, validation]) => {
            const error = memory ?? validation;
            if (error) return engineError(error, what);
            observed.delete(entry);
          },
          // The device was lost, which `check` reports.
          () => undefined,
        ),
      };
      observed.add(entry);
    }
  }

  /**
   * Waits until the device has judged every call so far.
   * @throws {EngineError} the first failure; the next wait throws the next one.
   */
  async settle(): Promise<void> {
    for (const entry of [...this.observed]) {
      const failure = await entry.error;
      // Another wait may have thrown or dropped it meanwhile.
      if (!this.observed.delete(entry) || !failure) continue;
      this.drop(entry.source, true);
      throw failure;
    }
  }

  /**
   * Forgets failures of a source, such as a buffer that nobody can use any more.
   * @param withUses whether failures of calls that use it are forgotten, too.
   */
  drop(source: unknown, withUses = false): void {
    for (const entry of this.observed) {
      if (entry.source === source || (withUses && entry.uses === source)) this.observed.delete(entry);
    }
  }

  /** @throws {DeviceLostError} if the device was lost. */
  check(): void {
    if (this.loss.error) throw this.loss.error;
  }

  /** Stops listening to the device. */
  dispose(): void {
    this.device.removeEventListener("uncapturederror", this.onError);
  }
}

/** Whether a device was lost. */
interface Loss {
  error?: DeviceLostError;
}

/** One record a device: it would keep every engine that waits for its loss. */
const losses = new WeakMap<GPUDevice, Loss>();

function lossOf(device: GPUDevice): Loss {
  const known = losses.get(device);
  if (known) return known;
  const loss: Loss = {};
  losses.set(device, loss);
  device.lost.then(({ message, reason }) => {
    loss.error = new DeviceLostError(
      `The GPU device was lost (${message || reason}); run again, and if it recurs use another adapter.`,
    );
  });
  return loss;
}

function engineError(error: GPUError, what?: string): EngineError {
  const reported = `The GPU device reported: ${error.message}`;
  if (error.constructor.name !== "GPUOutOfMemoryError") return new EngineError(reported);
  return new OutOfMemoryError(
    what
      ? `${what}, and the GPU device has no room for it: use a smaller input, or free other tensors.`
      : reported,
  );
}
