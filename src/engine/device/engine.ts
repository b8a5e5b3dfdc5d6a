import { DISPOSE } from "../disposal.js";
import {
  DeviceLostError,
  EngineError,
  FeatureError,
  NoAdapterError,
  OutOfMemoryError,
  ShapeError,
} from "../errors.js";
import { kindOf, tagOf } from "../kind-of.js";
import { type DType, itemSize, roundUp, sizeOf, Tensor } from "../tensors/tensor.js";
import { type AdapterDescription, describeAdapter } from "./adapter.js";
import { assertDevice } from "./assert-device.js";
import { type CallContext, DeviceErrors } from "./device-errors.js";
import { PipelineCache } from "./pipelines.js";
import { type Tuning, tuningFor } from "./tuning.js";

/** What a tensor can be filled with. */
export type TensorData = Float32Array | Uint32Array | Int32Array;

/** Options of {@link Engine.create}. */
export interface EngineOptions {
  /** A device of the caller's own, which the engine never destroys. Default: one from `navigator.gpu`. */
  readonly device?: GPUDevice;
  /** Which adapter to ask the browser for. */
  readonly powerPreference?: GPUPowerPreference;
}

/** Everything that lives on one GPU device: tensors, compiled pipelines, and a count of the memory in use. */
export class Engine {
  readonly adapter: AdapterDescription;
  /** @internal */
  readonly pipelines: PipelineCache;
  readonly tuning: Tuning;
  private readonly errors: DeviceErrors;
  private readonly buffers = new Set<GPUBuffer>();
  private bytes = 0;
  private peak = 0;
  private disposed = false;

  /**
   * Wraps a device.
   * @param owned whether {@link dispose} destroys the device.
   * @param wait what to do while a promise of the device is pending; returns the promise. Default: nothing.
   */
  constructor(
    readonly device: GPUDevice,
    private readonly owned = false,
    readonly wait: <T>(promise: Promise<T>) => Promise<T> = (promise) => promise,
  ) {
    assertDevice(device);
    this.adapter = describeAdapter(device.adapterInfo);
    this.pipelines = new PipelineCache(device);
    this.tuning = tuningFor(this.adapter.kind, device);
    this.errors = new DeviceErrors(device, owned);
  }

  /**
   * Opens an engine on the caller's device, or on one of the browser's. In Node, `createEngine` of
   * `metakernelgan/node` finds a device.
   * @throws {NoAdapterError} without WebGPU or without an adapter.
   */
  static async create(options: EngineOptions = {}): Promise<Engine> {
    if (options.device) return new Engine(options.device);
    const { navigator } = globalThis as { navigator?: Partial<NavigatorGPU> };
    const gpu = navigator?.gpu;
    if (!gpu) {
      throw new NoAdapterError("WebGPU is missing: use https and a new browser, or metakernelgan/node.");
    }
    const adapter = await gpu.requestAdapter({ powerPreference: options.powerPreference });
    if (!adapter) {
      throw new NoAdapterError("WebGPU finds no adapter: switch hardware acceleration on.");
    }
    return new Engine(await adapter.requestDevice(deviceRequest(adapter)), true);
  }

  /** Bytes of GPU memory that tensors hold now, and the most that they have held. */
  get memory(): { readonly bytes: number; readonly peak: number } {
    return { bytes: this.bytes, peak: this.peak };
  }

  /**
   * A new tensor, zero unless data are given. If the device has no room for it, the next call that waits for
   * the device (`Tape.finish`, {@link synchronize}, {@link read}) throws OutOfMemoryError.
   * @param options.dtype default: the type of the data, or f32.
   * @throws {OutOfMemoryError} if it is larger than one binding of this device.
   * @throws {ShapeError} if the data have another size or type.
   * @throws {FeatureError} if it is of f16, and the device has no shader-f16.
   */
  tensor(
    shape: readonly number[],
    options: { data?: TensorData; dtype?: DType; label?: string } = {},
  ): Tensor {
    const { data, label = "tensor" } = options;
    const dtype = options.dtype ?? typeOf(data) ?? "f32";
    this.requireType(dtype);
    const size = sizeOf(shape);
    if (data) checkData({ label, shape, dtype, size }, data);
    const bytes = roundUp(size * itemSize(dtype), 16);
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const most = Math.min(maxBufferSize, maxStorageBufferBindingSize);
    const described = `${label} [${shape}] takes ${toMiB(bytes)} MiB`;
    if (bytes > most) {
      throw new OutOfMemoryError(
        `${described}, and this device binds ${toMiB(most)} MiB at most: use a smaller input.`,
      );
    }
    const buffer = this.observe(
      () =>
        this.device.createBuffer({
          label,
          size: bytes,
          usage: ANY_BINDING,
        }),
      { what: `${described}, beside ${toMiB(this.bytes)} MiB in use` },
    );
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
    throw new FeatureError("This device offers no shader-f16: leave the precision at f32.");
  }

  /**
   * Uploads the values of a whole tensor, or of a view, in row-major order.
   * @throws {ShapeError} if the data have another size or type than the tensor.
   */
  write(tensor: Tensor, data: TensorData): void {
    checkData(tensor, data);
    const { buffer, offset } = tensor;
    const { buffer: memory, byteOffset, byteLength } = data;
    this.observe(
      () => this.device.queue.writeBuffer(buffer, offset, memory as ArrayBuffer, byteOffset, byteLength),
      { source: buffer },
    );
  }

  /**
   * Copies a tensor into another, in the order of the submissions.
   * @throws {ShapeError} if they differ in size or type.
   */
  copy(source: Tensor, target: Tensor): void {
    if (source.size !== target.size || source.dtype !== target.dtype) {
      throw new ShapeError(`${describe(source)} cannot be copied into ${describe(target)}.`);
    }
    this.submit({ source: target.buffer, uses: source.buffer }, (encoder) =>
      encoder.copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, source.bytes),
    );
  }

  /** Sets a tensor to zero, in the order of the submissions. */
  clear(tensor: Tensor): void {
    const { buffer, offset, bytes } = tensor;
    this.submit({ source: buffer }, (encoder) => encoder.clearBuffer(buffer, offset, bytes));
  }

  private submit(context: CallContext, encode: (encoder: GPUCommandEncoder) => void): void {
    this.observe(() => {
      const encoder = this.device.createCommandEncoder();
      encode(encoder);
      this.device.queue.submit([encoder.finish()]);
    }, context);
  }

  /**
   * Reads a tensor of f32 back, in row-major order.
   * @throws {ShapeError} if it is of another type.
   */
  async read(tensor: Tensor): Promise<Float32Array> {
    return new Float32Array(await this.readBytes(tensor, "f32"));
  }

  /**
   * Reads a tensor of u32 back, in row-major order.
   * @throws {ShapeError} if it is of another type.
   */
  async readUint32(tensor: Tensor): Promise<Uint32Array> {
    return new Uint32Array(await this.readBytes(tensor, "u32"));
  }

  /**
   * Reads a tensor of i32 back, in row-major order.
   * @throws {ShapeError} if it is of another type.
   */
  async readInt32(tensor: Tensor): Promise<Int32Array> {
    return new Int32Array(await this.readBytes(tensor, "i32"));
  }

  private async readBytes(tensor: Tensor, dtype: DType): Promise<ArrayBuffer> {
    this.check();
    if (tensor.dtype !== dtype) {
      throw new ShapeError(`${describe(tensor)} cannot be read as ${dtype}${castHint(tensor)}.`);
    }
    const size = tensor.bytes;
    const reading = this.observe(
      () => {
        const buffer = this.device.createBuffer({
          label: `read ${tensor.label}`,
          size,
          usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
        });
        const encoder = this.device.createCommandEncoder();
        encoder.copyBufferToBuffer(tensor.buffer, tensor.offset, buffer, 0, size);
        this.device.queue.submit([encoder.finish()]);
        return { buffer, mapped: buffer.mapAsync(GPUMapMode.READ) };
      },
      { uses: tensor.buffer },
    );
    try {
      const cause = await this.wait(reading.mapped).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      await this.settle();
      if (cause) {
        throw new DeviceLostError("The GPU device was lost before the result was read; run again.", {
          cause,
        });
      }
      return reading.buffer.getMappedRange().slice(0);
    } finally {
      reading.buffer.destroy();
      this.errors.drop(reading);
    }
  }

  /**
   * Waits until everything submitted so far is done.
   * @throws {EngineError} what the device reported meanwhile. Each failure is thrown once, and then the
   *   engine can be used again; only a lost device stays lost.
   */
  async synchronize(): Promise<void> {
    this.check();
    await this.wait(this.device.queue.onSubmittedWorkDone());
    await this.settle();
  }

  /** Runs calls of the device whose failure the next {@link settle} throws. */
  observe<T>(calls: () => T, context?: CallContext): T {
    return this.errors.observe(calls, context);
  }

  /**
   * Waits until the device has judged every call made so far.
   * @throws {EngineError} as {@link synchronize}.
   */
  async settle(): Promise<void> {
    await this.wait(this.errors.settle());
    this.check();
  }

  /**
   * Checks that the engine can be used.
   * @throws {DeviceLostError} if the device was lost.
   * @throws {EngineError} if the engine was disposed.
   */
  check(): void {
    if (this.disposed) throw new EngineError("This engine was disposed; create another.");
    this.errors.check();
  }

  /** Whether the buffer that a tensor lives in is this engine's, and not freed. */
  owns(tensor: Tensor): boolean {
    return this.buffers.has(tensor.buffer);
  }

  /** Frees the buffer that a tensor lives in, and with it every view of it. */
  free(tensor: Tensor): void {
    if (!this.buffers.delete(tensor.buffer)) return;
    this.bytes -= tensor.buffer.size;
    tensor.buffer.destroy();
    this.errors.drop(tensor.buffer);
  }

  /** Frees every tensor, and destroys the device if the engine opened it. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.errors.dispose();
    for (const buffer of this.buffers) buffer.destroy();
    this.buffers.clear();
    this.bytes = 0;
    if (this.owned) this.device.destroy();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

/**
 * What the engine asks of an adapter: its largest buffers, and the optional features that it can use. For a device of your
 * own: `await adapter.requestDevice(deviceRequest(adapter))`, or with your own wishes added. A device without them works too,
 * more slowly and with smaller tiles.
 */
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

/** `GPUBufferUsage`'s STORAGE, UNIFORM, COPY_DST and COPY_SRC, whose numbers WebGPU fixes. */
const ANY_BINDING = 0x80 | 0x40 | 0x08 | 0x04;

type Description = Pick<Tensor, "label" | "shape" | "dtype" | "size">;

/** The element type of a typed array, which may be of another realm; undefined for what no tensor takes. */
function typeOf(data: unknown): DType | undefined {
  const [, letter] = /^([FUI])\w+32Array/.exec(tagOf(data)) ?? [];
  return letter ? (`${letter.toLowerCase()}32` as DType) : undefined;
}

/** @throws {ShapeError} if data do not fill a tensor, or are of another type. */
function checkData(tensor: Description, data: TensorData): void {
  const type = typeOf(data);
  if (type === tensor.dtype && data.length === tensor.size) return;
  throw new ShapeError(
    `${describe(tensor)} wants ${tensor.size} values of ${tensor.dtype}; got ${data?.length} of ${type ?? kindOf(data)}${castHint(tensor)}.`,
  );
}

function describe({ label, shape, dtype }: Description): string {
  return `${label} [${shape}] of ${dtype}`;
}

/** The CPU has no half-precision numbers. */
function castHint({ dtype }: Description): string {
  return dtype === "f16" ? ": cast it to or from f32 on the device" : "";
}

function toMiB(bytes: number): number {
  return Math.ceil(bytes / 2 ** 20);
}
