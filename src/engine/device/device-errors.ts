import { DeviceLostError, EngineError, OutOfMemoryError } from "../errors.js";

/** A call of the device that has not been judged yet. */
interface PendingCall {
  /** What the call belongs to. */
  readonly source: object;
  readonly error: Promise<EngineError | undefined>;
}

/**
 * What a device reports, late and apart from the call that caused it. Each failure is thrown once, by the first wait
 * after that call; then the device can be used again. Only the loss of the device stays.
 */
export class DeviceErrors {
  private readonly pending = new Set<PendingCall>();
  private lost?: DeviceLostError;
  /** Reported outside of {@link observe}. */
  private uncaptured?: EngineError;
  private disposed = false;

  constructor(private readonly device: GPUDevice) {
    device.addEventListener("uncapturederror", this.onError);
    device.lost.then((info) => {
      if (this.disposed) return;
      this.lost = new DeviceLostError(
        `The GPU device was lost (${info.message || info.reason}); run again, and if it recurs use another adapter.`,
      );
    });
  }

  private readonly onError = ({ error }: GPUUncapturedErrorEvent): void => {
    this.uncaptured ??= engineError(error);
  };

  /**
   * Runs calls of the device, whose failure {@link settle} throws.
   * @param what they do, for the message about too little memory.
   * @param source what they belong to. When a failure is thrown, further ones of the same source are dropped: they
   *   are its consequences.
   */
  observe<T>(calls: () => T, what?: string, source: object = {}): T {
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
    try {
      return calls();
    } finally {
      const scopes = [this.device.popErrorScope(), this.device.popErrorScope()];
      const error = Promise.all(scopes).then(
        (errors) => {
          const first = errors.find((each) => each !== null);
          if (!first) this.pending.delete(call);
          return first ? engineError(first, what) : undefined;
        },
        // The device was lost, which `check` reports.
        () => undefined,
      );
      const call = { source, error };
      this.pending.add(call);
    }
  }

  /**
   * Waits until the device has judged every call so far.
   * @throws {EngineError} the first failure.
   */
  async settle(): Promise<void> {
    const judged = [...this.pending];
    for (const call of judged) this.pending.delete(call);
    const errors = await Promise.all(judged.map(({ error }) => error));
    const index = errors.findIndex((error) => error !== undefined);
    if (index < 0) return;
    for (const call of this.pending) {
      if (call.source === judged[index]?.source) this.pending.delete(call);
    }
    this.uncaptured = undefined;
    throw errors[index];
  }

  /**
   * Throws what the device reported by itself, once.
   * @throws {DeviceLostError} each time, if the device was lost.
   */
  check(): void {
    if (this.lost) throw this.lost;
    const { uncaptured } = this;
    this.uncaptured = undefined;
    if (uncaptured) throw uncaptured;
  }

  /** Stops listening to the device. */
  dispose(): void {
    this.disposed = true;
    this.device.removeEventListener("uncapturederror", this.onError);
  }
}

function engineError(error: GPUError, what?: string): EngineError {
  if (error.constructor.name !== "GPUOutOfMemoryError") {
    return new EngineError(`The GPU device reported: ${error.message}`);
  }
  return new OutOfMemoryError(
    what
      ? `${what}, and the GPU device has no room for it: use a smaller input, or free other tensors.`
      : `The GPU device reported: ${error.message}`,
  );
}
