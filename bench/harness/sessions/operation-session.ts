import type { Engine } from "../../../src/engine/device/engine.js";
import { RandomStream } from "../../../src/engine/random.js";
import type { Program } from "../../../src/engine/recording/program.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { sizeOf, type Tensor } from "../../../src/engine/tensors/tensor.js";
import { OPERATIONS } from "../../operations/index.js";
import type { Arguments, Operation } from "../../operations/operation.js";
import { BoundBytes } from "../timing/bound-bytes.js";
import { DispatchSession } from "./dispatch-session.js";

/** An operation at some sizes, as plain data. */
export interface OperationRequest extends Arguments {
  readonly name: string;
  /** Whether its gradients are recorded, too. */
  readonly gradient: boolean;
}

/** What was found when an operation's numbers were compared with its definition. */
export interface NumberCheck {
  /** What was compared, in words. */
  readonly what: string;
  /** The largest relative difference; undefined where only the self-test vouches for the numbers. */
  readonly difference?: number;
}

/** Places of the result that are compared: each may take as many operations as the result has elements. */
const PLACES = 16;
const SEED = 5;

/** An operation recorded at some sizes, with its inputs. */
export class OperationSession {
  private constructor(
    readonly timing: DispatchSession,
    private readonly engine: Engine,
    private readonly operation: Operation,
    private readonly given: Arguments,
    private readonly program: Program,
    private readonly inputs: readonly { tensor: Tensor; data: Float32Array }[],
    private readonly output: Tensor,
    private readonly gradients: { seed: Tensor | undefined; of: readonly Tensor[] } | undefined,
    private readonly owned: readonly { dispose(): void }[],
  ) {}

  /** @throws {EngineError} if the operation does not take these sizes, or the device has no room. */
  static async open(
    engine: Engine,
    { name, sizes, numbers, gradient }: OperationRequest,
  ): Promise<OperationSession> {
    const operation = OPERATIONS.find((known) => known.name === name) as Operation;
    const given = { sizes, numbers };
    const random = new RandomStream(SEED, 0);
    const bytes = new BoundBytes(engine.device);
    const tape = new Tape(engine);
    const inputs: { tensor: Tensor; data: Float32Array }[] = [];
    const owned: { dispose(): void }[] = [];
    let recorded = 0;
    const dispatch = tape.dispatch.bind(tape);
    tape.dispatch = (request) => {
      recorded++;
      dispatch(request);
    };
    try {
      const output = operation.record(
        {
          tape,
          input: (shape) => {
            // Before the values are made, since a device may not take so many.
            const tensor = tape.tensor(shape, `input ${inputs.length + 1}`);
            const data = values(sizeOf(shape), random);
            engine.write(tensor, data);
            inputs.push({ tensor, data });
            return tensor;
          },
          own: (owner) => {
            owned.push(owner);
            return owner;
          },
        },
        given,
      );
      const differentiable = inputs.slice(0, operation.isLoss ? 1 : undefined).map(({ tensor }) => tensor);
      const forward = recorded;
      const gradients =
        gradient && operation.gradient ? recordGradients(tape, operation, output, differentiable) : undefined;
      const program = await tape.finish();
      const timing = new DispatchSession(program, bytes, forward);
      return new OperationSession(
        timing,
        engine,
        operation,
        given,
        program,
        inputs,
        output,
        gradients,
        owned,
      );
    } catch (error) {
      for (const owner of owned) owner.dispose();
      tape.dispose();
      throw error;
    } finally {
      bytes.stop();
    }
  }

  /** Multiply-adds of the forward pass by definition. */
  get multiplyAdds(): number {
    return this.operation.multiplyAdds(this.given);
  }

  /** Runs once, and compares some of the numbers with the operation's definition. */
  async check(): Promise<NumberCheck[]> {
    const { engine, operation, output, gradients } = this;
    this.program.run();
    const result = await engine.read(output);
    const checks: NumberCheck[] = [this.compare("result", result, operation.reference)];
    if (!gradients || !operation.gradient) return checks;
    if (operation.gradient === "unchecked") return [...checks, { what: "gradients, by the self-test" }];
    if (gradients.seed) {
      engine.write(gradients.seed, result);
      this.program.run();
    }
    if (typeof operation.gradient === "function") {
      const found = await engine.read(gradients.of[0] as Tensor);
      return [...checks, this.compare("gradient", found, operation.gradient)];
    }
    // For a result y that is linear in x, ⟨y, y⟩ = ⟨dx, x⟩ with the gradient dx of y along itself.
    const products: number[] = [];
    for (const [i, gradient] of gradients.of.entries()) {
      products.push(product(await engine.read(gradient), this.inputs[i]?.data as Float32Array));
    }
    const expected = product(result, result);
    const found = operation.gradient === "each" ? products : [products.reduce((a, b) => a + b, 0)];
    const difference = Math.max(...found.map((value) => Math.abs(value - expected) / expected));
    return [...checks, { what: "gradients, by products with the inputs", difference }];
  }

  /** Compares some numbers with their definition. */
  private compare(what: string, result: Float32Array, definition: Operation["reference"]): NumberCheck {
    const { inputs, given } = this;
    if (!definition) return { what: `${what}, by the self-test` };
    const arrays = inputs.map(({ data }) => data);
    let [distance, norm] = [0, 0];
    const places = placesOf(result.length);
    for (const at of places) {
      const expected = definition(given, arrays, at);
      distance += ((result[at] as number) - expected) ** 2;
      norm += expected ** 2;
    }
    const difference = distance === 0 ? 0 : Math.sqrt(distance / norm);
    return { what: places.length === 1 ? what : `${what}, at ${places.length} places`, difference };
  }

  dispose(): void {
    for (const owner of [this.program, ...this.owned]) owner.dispose();
  }
}

/** Records the gradients of the inputs from one of the result, whose values are given. */
function recordGradients(
  tape: Tape,
  { isLoss }: Operation,
  output: Tensor,
  inputs: readonly Tensor[],
): { seed: Tensor | undefined; of: readonly Tensor[] } {
  let loss = output;
  if (!isLoss) {
    loss = tape.tensor([1], "seed");
    // The gradient of the result is written from outside, so the loss records nothing.
    tape.differentiableLoss(output, loss, () => void tape.gradientTarget(output));
  }
  tape.backward([{ loss, weight: 1 }], inputs);
  return {
    seed: isLoss ? undefined : tape.gradient(output),
    of: inputs.map((input) => tape.gradient(input)),
  };
}

/** All places of a result, or some of many: both ends, where tiles and grids are cut off, and random ones between them. */
function placesOf(length: number): number[] {
  if (length <= PLACES) return Array.from({ length }, (_, i) => i);
  const random = new RandomStream(SEED, 1);
  const between = Array.from({ length: PLACES - 2 }, () => Math.floor(random.uniform() * length));
  return [0, ...between, length - 1];
}

function values(length: number, random: RandomStream): Float32Array {
  return Float32Array.from({ length }, () => 2 * random.uniform() - 1);
}

function product(a: Float32Array, b: Float32Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += (a[i] as number) * (b[i] as number);
  return total;
}
