import { type AdapterDescription, describeAdapter } from "./device/adapter.js";
import { Kernels } from "./device/pipelines.js";
import { type Tuning, tuningFor } from "./device/tuning.js";
import { DeviceLostError, EngineError, FeatureError, NoAdapterError, OutOfMemoryError } from "./errors.js";
import { type DType, itemSize, roundUp, sizeOf, Tensor } from "./tensors/tensor.js";

type TensorData = Float32Array | Uint32Array | Int32Array;

/** Options of {@link Engine.create}. */
export interface EngineOptions {
  /** A device of the caller's own, which the engine then never destroys. Default: one from `navigator.gpu`. */
  readonly device?: GPUDevice;
  /** Which adapter to ask the browser for. */
  readonly powerPreference?: GPUPowerPreference;
}

/** Everything that lives on one GPU device: tensors, compiled kernels, and the count of memory in use. */
export class Engine {
  readonly adapter: AdapterDescription;
  readonly kernels: Kernels;
  readonly tuning: Tuning;
  private readonly buffers = new Set<GPUBuffer>();
  private bytes = 0;
  private peak = 0;
  private failure?: EngineError;
  private disposed = false;

  /**
   * Wraps a device.
   * @param owned whether {@link dispose} destroys it.
   * @param wait what to do while a promise of the device is pending; nothing unless given. Gives back the promise.
   */
  constructor(
    readonly device: GPUDevice,
    private readonly owned = false,
    readonly wait: <T>(promise: Promise<T>) => Promise<T> = (promise) => promise,
  ) {
    this.adapter = describeAdapter(device.adapterInfo);
    this.kernels = new Kernels(device);
    this.tuning = tuningFor(this.adapter.kind, device);
    device.addEventListener("uncapturederror", this.onError);
    device.lost.then((info) => {
      if (this.disposed) return;
      this.failure ??= new DeviceLostError(
        `The GPU device was lost (${info.message || info.reason}); run again, and if it recurs use another adapter.`,
      );
    });
  }

  /**
   * Opens an engine on the caller's device, or on one of the browser's. In Node, `createEngine` of
   * `metakernelgan/node` finds a device.
   * @throws {NoAdapterError} without WebGPU or without an adapter.
   */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    if (options.device) return new Engine(options.device);
    const gpu = globalThis.navigator?.gpu;
    if (!gpu) {
      throw new NoAdapterError(
        "There is no WebGPU here. Use a browser that has it, or in Node createEngine() of metakernelgan/node.",
      );
    }
    const adapter = await gpu.requestAdapter({ powerPreference: options.powerPreference });
    if (!adapter) {
      throw new NoAdapterError(
        "The browser offers WebGPU but no adapter: switch hardware acceleration on, or update the graphics driver.",
      );
    }
    return new Engine(await adapter.requestDevice(deviceRequest(adapter)), true);
  }

  private readonly onError = (event: GPUUncapturedErrorEvent): void => {
    const Kind = event.error.constructor.name === "GPUOutOfMemoryError" ? OutOfMemoryError : EngineError;
    this.failure ??= new Kind(`The GPU device reported: ${event.error.message}`);
  };

  /** Bytes of GPU memory held by tensors now, and the most so far. */
  get memory(): { readonly bytes: number; readonly peak: number } {
    return { bytes: this.bytes, peak: this.peak };
  }

  /**
   * A new tensor, zero unless data are given.
   * @throws {OutOfMemoryError} if it is larger than one binding of this device.
   * @throws {FeatureError} if it is of f16, and the device has no shader-f16.
   */
  tensor(
    shape: readonly number[],
    options: { data?: TensorData; dtype?: DType; label?: string } = {},
  ): Tensor {
    const { data, label = "tensor" } = options;
    const dtype =
      options.dtype ?? (data instanceof Uint32Array ? "u32" : data instanceof Int32Array ? "i32" : "f32");
    this.requireType(dtype);
    const bytes = roundUp(sizeOf(shape) * itemSize(dtype), 16);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    if (bytes > most) {
      throw new OutOfMemoryError(
        `${label} [${shape}] takes ${toMiB(bytes)} MiB, and this device binds ${toMiB(most)} MiB at most: use a smaller input.`,
      );
    }
    const buffer = this.device.createBuffer({
      label,
      size: bytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
    });
    this.buffers.add(buffer);
    this.bytes += bytes;
    this.peak = Math.max(this.peak, this.bytes);
    const tensor = new Tensor(buffer, shape, dtype, label);
    if (data) this.write(tensor, data);
    return tensor;
  }

  /** @throws {FeatureError} if the device has no numbers of a type. */
  requireType(dtype: DType): void {
    if (dtype !== "f16" || this.device.features.has("shader-f16")) return;
    throw new FeatureError(
      "This device stores no half-precision numbers (it offers no shader-f16): leave the precision at f32.",
    );
  }

  /** Uploads values, in row-major order, to the first elements of a tensor of their type. */
  write(tensor: Tensor, data: TensorData): void {
    requireWords(tensor);
    this.device.queue.writeBuffer(
      tensor.buffer,
      tensor.offset,
      data.buffer as ArrayBuffer,
      data.byteOffset,
      Math.min(data.length, tensor.size) * 4,
    );
  }

  /** Copies a tensor into another of the same size, in the order of the submissions. */
  copy(source: Tensor, target: Tensor): void {
    const encoder = this.device.createCommandEncoder();
    const size = Math.min(source.bytes, target.bytes);
    encoder.copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, size);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Sets a tensor to zero, in the order of the submissions. */
  clear(tensor: Tensor): void {
    const encoder = this.device.createCommandEncoder();
    encoder.clearBuffer(tensor.buffer, tensor.offset, tensor.bytes);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Reads a tensor of floats back, in row-major order. */
  async read(tensor: Tensor): Promise<Float32Array> {
    return new Float32Array(await this.readBytes(tensor));
  }

  /** Reads a tensor of unsigned integers back, in row-major order. */
  async readUint32(tensor: Tensor): Promise<Uint32Array> {
    return new Uint32Array(await this.readBytes(tensor));
  }

  private async readBytes(tensor: Tensor): Promise<ArrayBuffer> {
    this.check();
    requireWords(tensor);
    const size = tensor.bytes;
    const staging = this.device.createBuffer({
      label: `read ${tensor.label}`,
      size,
      usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    });
    try {
      const encoder = this.device.createCommandEncoder();
      encoder.copyBufferToBuffer(tensor.buffer, tensor.offset, staging, 0, size);
      this.device.queue.submit([encoder.finish()]);
      await this.wait(staging.mapAsync(GPUMapMode.READ)).catch((cause) => {
        this.check();
        throw new DeviceLostError("The GPU device was lost before its result could be read; run again.", {
          cause,
        });
      });
      this.check();
      return staging.getMappedRange().slice(0);
    } finally {
      staging.destroy();
    }
  }

  /**
   * Waits until everything submitted so far is done.
   * @throws {EngineError} what the device reported meanwhile.
   */
  async synchronize(): Promise<void> {
    this.check();
    await this.wait(this.device.queue.onSubmittedWorkDone());
    this.check();
  }

  /** Throws what the device reported since it was opened, if anything. */
  check(): void {
    if (this.disposed) throw new EngineError("This engine was disposed; create another.");
    if (this.failure) throw this.failure;
  }

  /** Frees the buffer that a tensor lives in, and with it every view of it. */
  free(tensor: Tensor): void {
    if (!this.buffers.delete(tensor.buffer)) return;
    this.bytes -= tensor.buffer.size;
    tensor.buffer.destroy();
  }

  /** Frees every tensor, and destroys the device if the engine opened it. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.device.removeEventListener("uncapturederror", this.onError);
    for (const buffer of this.buffers) buffer.destroy();
    this.buffers.clear();
    this.bytes = 0;
    if (this.owned) this.device.destroy();
  }
}

/** What the engine asks of an adapter: its largest buffers, and the optional features that it can use. */
export function deviceRequest(adapter: GPUAdapter): GPUDeviceDescriptor {
  const wanted: GPUFeatureName[] = ["timestamp-query", "shader-f16", "subgroups"];
  return {
    requiredFeatures: wanted.filter((feature) => adapter.features.has(feature)),
    requiredLimits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  };
}

/** The CPU has no half-precision numbers. */
function requireWords({ dtype, label }: Tensor): void {
  if (dtype === "f16") throw new EngineError(`${label} is of f16: cast it to or from f32 on the device.`);
}

function toMiB(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
