import type { Engine } from "../../src/engine/device/engine.js";
import type { Program } from "../../src/engine/recording/program.js";
import { multiplyAdds } from "./roofline/multiply-adds.js";
import { recordVariant } from "./roofline/variant.js";

/** Invocations of the control kernel: a few milliseconds on a software driver. */
const INVOCATIONS = 1 << 14;
const RUNS = 4;

/** A kernel of this bench, which no revision of the package changes: it tells how fast the machine is just now. */
export class Control {
  private constructor(private readonly program: Program) {}

  static async open(engine: Engine): Promise<Control> {
    const control = new Control(await recordVariant(engine, multiplyAdds(INVOCATIONS, 8, 64)));
    await control.sample();
    return control;
  }

  /** Milliseconds of a fixed amount of arithmetic, its submission included. */
  async sample(): Promise<number> {
    const start = performance.now();
    this.program.run(RUNS);
    await this.program.engine.synchronize();
    return performance.now() - start;
  }
}
