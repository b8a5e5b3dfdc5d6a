import type { Engine } from "../../engine/device/engine.js";
import { ShapeError } from "../../engine/errors.js";
import { downsample2x2Forward, upsample2x2Forward } from "../../engine/ops/convolution/conv2x2.js";
import { type Conv3x3Options, conv3x3Forward, packConv3x3 } from "../../engine/ops/convolution/conv3x3.js";
import { addForward } from "../../engine/ops/elementwise/add.js";
import { cast } from "../../engine/ops/elementwise/cast.js";
import { Parameters } from "../../engine/optimizers/parameters.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { DType, Tensor } from "../../engine/tensors/tensor.js";
import { type Precision, priorShapes, type UsrNetConfig } from "../../weights/layouts/usrnet-layout.js";

/** The operations on images of which {@link ResUNet} consists. */
export interface ImageOperations {
  conv3x3(tape: Tape, x: Tensor, w: Tensor, options: Conv3x3Options): Tensor;
  downsample2x2(tape: Tape, x: Tensor, w: Tensor, out: Tensor): Tensor;
  upsample2x2(tape: Tape, x: Tensor, w: Tensor, out: Tensor): Tensor;
  add(tape: Tape, a: Tensor, b: Tensor, out: Tensor): Tensor;
}

const FORWARD: ImageOperations = {
  conv3x3: conv3x3Forward,
  downsample2x2: downsample2x2Forward,
  upsample2x2: upsample2x2Forward,
  add: addForward,
};

/**
 * USRNet's prior network: a U-Net of residual blocks without biases (Zhang et al. 2020, section 4.2). Levels are joined
 * by 2×2 convolutions with stride 2 and their transposes; what comes up is added to what went down.
 */
export class ResUNet {
  readonly parameters: Parameters;
  /**
   * What {@link prepare} has made of the weights: those of the 3×3 convolutions packed, all of them in the network's
   * precision.
   */
  private prepared: ReadonlyMap<string, Tensor> = new Map();
  private preparing?: Program;

  /**
   * @param operations the engine's, without gradients unless given.
   * @throws {FeatureError} if the device does not have the precision.
   */
  constructor(
    private readonly engine: Engine,
    private readonly config: UsrNetConfig,
    private readonly precision: Precision = "f32",
    private readonly operations: ImageOperations = FORWARD,
  ) {
    engine.requireType(precision);
    this.parameters = new Parameters(engine, priorShapes(config), "ResUNet");
  }

  /** Both sides of an image are to be multiples of this. */
  get multiple(): number {
    return 2 ** (this.config.widths.length - 1);
  }

  /**
   * Packs the weights once, so that no recording made after it does so at every run. For weights that stay as they are; in
   * f16 it has to be called.
   */
  async prepare(): Promise<void> {
    const { parameters, precision } = this;
    const tape = new Tape(this.engine, false);
    const prepare = (w: Tensor): Tensor => {
      if (w.shape[3] === 3) return packConv3x3(tape, w, precision);
      return precision === "f32" ? w : cast(tape, w, precision);
    };
    this.prepared = new Map(parameters.names.map((name) => [name, prepare(parameters.get(name))]));
    this.preparing = await tape.finish();
    this.preparing.run();
  }

  /**
   * [N, 4, H, W] → [N, 3, H, W], both of f32.
   * @throws {ShapeError} if a side is not a multiple of {@link multiple}.
   */
  forward(tape: Tape, image: Tensor): Tensor {
    const [, , H = 0, W = 0] = image.shape;
    if (H % this.multiple || W % this.multiple) {
      throw new ShapeError(`ResUNet wants sides that are multiples of ${this.multiple}; got ${H}×${W}.`);
    }
    const { widths, blocks } = this.config;
    const levels = widths.slice(1).map((_, i) => i + 1);
    const { parameters, prepared, precision, operations } = this;
    const layers = new Layers(tape, parameters, prepared, precision, operations);
    let x = layers.convolve(image, "p.m_head.weight");
    const skipped = [x];
    for (const level of levels) {
      x = layers.blocks(x, `p.m_down${level}`, 0, blocks);
      const down = layers.downsample(x, `p.m_down${level}.${blocks}.weight`);
      if (!skipped.includes(x)) tape.release(x);
      x = down;
      skipped.push(x);
    }
    x = layers.blocks(x, "p.m_body", 0, blocks);
    for (const level of levels.toReversed()) {
      const sum = layers.join(x, skipped.pop() as Tensor);
      const up = layers.upsample(sum, `p.m_up${level}.0.weight`);
      tape.release(sum);
      x = layers.blocks(up, `p.m_up${level}`, 1, blocks);
      if (x !== up) tape.release(up);
    }
    const sum = layers.join(x, skipped.pop() as Tensor);
    const out = layers.convolve(sum, "p.m_tail.weight", {}, "f32");
    tape.release(sum);
    return out;
  }

  /** Frees the weights. */
  dispose(): void {
    this.preparing?.dispose();
    this.engine.free(this.parameters.whole);
  }
}

/** The layers of the network as they are recorded. */
class Layers {
  constructor(
    private readonly tape: Tape,
    private readonly parameters: Parameters,
    private readonly prepared: ReadonlyMap<string, Tensor>,
    private readonly precision: Precision,
    private readonly operations: ImageOperations,
  ) {}

  convolve(x: Tensor, name: string, options: Conv3x3Options = {}, dtype: DType = this.precision): Tensor {
    const w = this.parameters.get(name);
    const [N = 0, , H = 0, W = 0] = x.shape;
    const out = this.tape.tensor([N, w.shape[0] as number, H, W], name, dtype);
    return this.operations.conv3x3(this.tape, x, w, { ...options, packed: this.prepared.get(name), out });
  }

  /** `count` residual blocks x + conv(ReLU(conv(x))), the first with the number `first`. Leaves x unchanged. */
  blocks(x: Tensor, name: string, first: number, count: number): Tensor {
    let image = x;
    for (let i = first; i < first + count; i++) {
      const inner = this.convolve(image, `${name}.${i}.res.0.weight`, { relu: true });
      const outer = this.convolve(inner, `${name}.${i}.res.2.weight`, { residual: image });
      this.tape.release(inner);
      if (image !== x) this.tape.release(image);
      image = outer;
    }
    return image;
  }

  downsample(x: Tensor, name: string): Tensor {
    const w = this.prepared.get(name) ?? this.parameters.get(name);
    const [N = 0, , H = 0, W = 0] = x.shape;
    const out = this.tape.tensor([N, w.shape[0] as number, H / 2, W / 2], name, this.precision);
    return this.operations.downsample2x2(this.tape, x, w, out);
  }

  upsample(x: Tensor, name: string): Tensor {
    const w = this.prepared.get(name) ?? this.parameters.get(name);
    const [N = 0, , H = 0, W = 0] = x.shape;
    const out = this.tape.tensor([N, w.shape[1] as number, 2 * H, 2 * W], name, this.precision);
    return this.operations.upsample2x2(this.tape, x, w, out);
  }

  /** a + b; neither is needed afterward. */
  join(a: Tensor, b: Tensor): Tensor {
    const out = this.tape.tensor(a.shape, "joined", this.precision);
    const sum = this.operations.add(this.tape, a, b, out);
    this.tape.release(a);
    this.tape.release(b);
    return sum;
  }
}
