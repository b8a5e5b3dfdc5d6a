import { StepCounter } from "../../engine/counter.js";
import type { Engine } from "../../engine/engine.js";
import { axpy } from "../../engine/ops/axpy.js";
import { clippedSum } from "../../engine/ops/clipped-sum.js";
import { covarianceLoss } from "../../engine/ops/covariance-loss.js";
import { crop } from "../../engine/ops/crop.js";
import { l1Loss, sumToOneLoss } from "../../engine/ops/losses.js";
import { advance, record } from "../../engine/ops/record.js";
import type { Program } from "../../engine/program.js";
import { Tape } from "../../engine/tape.js";
import { ALIGNED_ELEMENTS, type Tensor } from "../../engine/tensor.js";
import { Discriminator } from "../../model/discriminator.js";
import { Generator } from "../../model/generator.js";
import {
  FAKE_SIZE,
  type GanStep,
  LOSS_ELEMENTS,
  LOSS_SLOTS,
  lossSlots,
  recordDiscriminatorTurn,
  recordGeneratorTurn,
  SUM_TO_ONE_WEIGHT,
} from "../gan-step.js";
import { INNER_LOOPS, type InnerLoop, recordRates } from "../inner-loop.js";
import { type ForBoth, LearnedStart, NETWORKS } from "../learned-start.js";
import type { MetaLosses, OuterStep } from "../outer-step.js";
import { PATCH_SIZE } from "../patch-source.js";
import type { MetaTrainingConfig } from "../training-config.js";
import { recordReverseStep } from "./reverse-step.js";
import { Trajectory } from "./trajectory.js";
import { UNROLLED_CROP_SIZE, type UnrolledTask } from "./unrolled-task.js";

/** What a covariance that is off by a square pixel costs, beside Σ |k − truth|. */
const COVARIANCE_WEIGHT = 0.1;

/** The inner loop has rare tasks whose gradients are far too long. */
const CLIP = { generator: 10, discriminator: 1 };

/** Outer steps over which the rate rises, and after which it has fallen to a half. */
const WARM_UP = 20;
const HALF_LIFE = 5000;

const SMALL = UNROLLED_CROP_SIZE / 2;

/** Places of an evaluation's losses. */
const AT = { kernelPixels: 0, sumToOne: ALIGNED_ELEMENTS, kernelCov: 2 * ALIGNED_ELEMENTS };
const EVALUATION_ELEMENTS = 3 * ALIGNED_ELEMENTS;

/** Options of {@link UnrolledStep.record}. */
export type UnrolledOptions = Pick<
  MetaTrainingConfig,
  "evaluations" | "rate" | "learn" | "steps" | "tasksPerStep"
> & {
  /** Whether the discriminator's inputs get noise; they do unless this is false. */
  readonly noise?: boolean;
  /** The rates of the inner loop; the steady ones unless given. */
  readonly loop?: InnerLoop;
  /** The lengths to which a task's gradients are shortened. */
  readonly clip?: ForBoth<number>;
};

/**
 * One outer step with the exact gradient: the start is adapted to a task by the steady inner loop, some of the kernels on the way
 * are compared with the true one, and the gradient of that goes back through every step of the adaptation, of both networks. So
 * the discriminator's start learns to lead the generator to the kernel; in the paper's first-order step it learns from its
 * own loss alone.
 */
export class UnrolledStep implements OuterStep<UnrolledTask> {
  private constructor(
    private readonly engine: Engine,
    readonly networks: ForBoth<Generator | Discriminator>,
    readonly start: LearnedStart,
    private readonly inputs: { readonly image: Tensor; readonly kernel: Tensor; readonly corners: Tensor },
    private readonly counters: { readonly inner: StepCounter; readonly evaluation: StepCounter },
    private readonly evaluations: readonly number[],
    private readonly factors: Tensor,
    private readonly histories: { readonly inner: Tensor; readonly evaluation: Tensor },
    private readonly adjoint: ForBoth<Tensor>,
    private readonly programs: {
      readonly degrade: Program;
      readonly begin: Program;
      readonly inner: Program;
      readonly evaluate: Program;
      readonly reverse: Program;
      readonly add: Program;
    },
  ) {}

  /** Records the inner step, its way back, the evaluation and the update. */
  static async record(engine: Engine, options: UnrolledOptions): Promise<UnrolledStep> {
    const { evaluations, steps, rate, learn, tasksPerStep, noise = true } = options;
    const { loop = INNER_LOOPS.steady, clip = CLIP } = options;
    const innerSteps = evaluations.at(-1) as number;
    const generator = new Generator(engine);
    const discriminator = new Discriminator(engine);
    const start = await LearnedStart.record(engine, discriminator.vectors, {
      steps,
      learn,
      rate: (step) => (rate * Math.min(1, (step + 1) / WARM_UP)) / (1 + step / HALF_LIFE),
    });
    const counters = { inner: new StepCounter(engine), evaluation: new StepCounter(engine) };
    const zero = new StepCounter(engine);
    zero.reset(0);
    const image = engine.tensor([3, UNROLLED_CROP_SIZE, UNROLLED_CROP_SIZE], { label: "sharp image" });
    const small = engine.tensor([3, SMALL, SMALL], { label: "blurred image" });
    const kernel = engine.tensor(generator.chain.output.shape, { label: "true kernel" });
    const corners = engine.tensor([innerSteps, 2], { dtype: "u32", label: "patch corners" });
    const factors = engine.tensor([evaluations.length], { label: "evaluation weights" });
    const histories = {
      inner: engine.tensor([innerSteps, LOSS_ELEMENTS], { label: "inner losses" }),
      evaluation: engine.tensor([evaluations.length, EVALUATION_ELEMENTS], { label: "meta-losses" }),
    };
    const like = (tensor: Tensor): Tensor => engine.tensor(tensor.shape, { label: "adjoint" });
    const adjoint = {
      generator: like(generator.parameters.whole),
      discriminator: like(discriminator.parameters.whole),
    };
    const trajectory = new Trajectory(engine, generator, discriminator, counters.inner, innerSteps);

    const degrade = new Tape(engine);
    generator.downscale(degrade, image, kernel, small);

    const begin = new Tape(engine);
    generator.chain.refresh(begin);

    /** What a step of the adaptation looks at, as {@link recordImageStep} has it. */
    const look = (tape: Tape): GanStep => {
      const window = { offsets: corners, counter: counters.inner };
      const patch = crop(tape, small, { ...window, size: PATCH_SIZE });
      return {
        generator,
        discriminator,
        counter: counters.inner,
        noise,
        fake: (k, out) => generator.downscale(tape, patch, k, out),
        real: (out) => crop(tape, small, { ...window, size: FAKE_SIZE, out }),
      };
    };
    const inner = new Tape(engine);
    const step = look(inner);
    const rates = recordRates(inner, step, loop, innerSteps);
    const losses = lossSlots(inner);
    trajectory.keep(inner, "generator");
    trajectory.keep(inner, "discriminator");
    trajectory.keep(inner, "beforeGenerator");
    recordGeneratorTurn(inner, step, rates.generator, losses);
    trajectory.keep(inner, "beforeDiscriminator");
    recordDiscriminatorTurn(inner, step, rates.discriminator, losses);
    record(inner, losses, counters.inner, histories.inner);
    advance(inner, counters.inner);

    const reverse = new Tape(engine);
    advance(reverse, counters.inner, -1);
    recordReverseStep(reverse, { step: look(reverse), rates, trajectory, adjoint, zero });

    // The evaluations come last first.
    const evaluate = new Tape(engine);
    advance(evaluate, counters.evaluation, -1);
    recordComparison(evaluate, generator, kernel, histories.evaluation, counters.evaluation);
    axpy(
      evaluate,
      evaluate.gradient(generator.parameters.whole),
      factors,
      counters.evaluation,
      adjoint.generator,
    );

    const add = new Tape(engine);
    for (const network of NETWORKS) {
      const part = { weight: 1 / tasksPerStep, limit: clip[network] };
      clippedSum(add, adjoint[network], part, start.outer[network]);
    }

    const names = { degrade, begin, inner, evaluate, reverse, add };
    const programs = Object.fromEntries(
      await Promise.all(Object.entries(names).map(async ([name, tape]) => [name, await tape.finish()])),
    ) as Record<keyof typeof names, Program>;
    return new UnrolledStep(
      engine,
      { generator, discriminator },
      start,
      { image, kernel, corners },
      counters,
      evaluations,
      factors,
      histories,
      adjoint,
      programs,
    );
  }

  run(tasks: readonly UnrolledTask[], weights: readonly number[], seed: number): void {
    const { engine, inputs, counters, programs, evaluations } = this;
    this.start.clear();
    engine.write(this.factors, Float32Array.from(weights));
    tasks.forEach((task, index) => {
      engine.write(inputs.kernel, Float32Array.from(task.kernel));
      engine.write(inputs.image, task.image.data);
      engine.write(inputs.corners, Uint32Array.from(task.corners));
      counters.inner.reset(seed + index);
      counters.evaluation.reset(seed + index, evaluations.length);
      this.start.copyTo(this.networks);
      engine.clear(this.adjoint.generator);
      engine.clear(this.adjoint.discriminator);
      programs.degrade.run();
      programs.begin.run();
      programs.inner.run(evaluations.at(-1));
      [...evaluations].reverse().forEach((step, later) => {
        programs.evaluate.run();
        programs.reverse.run(step - (evaluations.at(-2 - later) ?? 0));
      });
      programs.add.run();
    });
    this.start.update();
  }

  async losses(): Promise<MetaLosses[]> {
    const [steps, evaluations] = await Promise.all([
      this.engine.read(this.histories.inner),
      this.engine.read(this.histories.evaluation),
    ]);
    return this.evaluations.map((step, evaluation) => {
      const inner = (slot: number) => steps[(step - 1) * LOSS_ELEMENTS + slot] as number;
      const at = (slot: number) => evaluations[evaluation * EVALUATION_ELEMENTS + slot] as number;
      return {
        adversarial: inner(LOSS_SLOTS.adversarial),
        sumToOne: SUM_TO_ONE_WEIGHT * at(AT.sumToOne),
        kernelPixels: at(AT.kernelPixels),
        discriminator: inner(LOSS_SLOTS.discriminator),
        kernelCov: at(AT.kernelCov),
      };
    });
  }

  get multiplyAdds(): number {
    const { inner, evaluate, reverse } = this.programs;
    return (
      (this.evaluations.at(-1) as number) * (inner.multiplyAdds + reverse.multiplyAdds) +
      this.evaluations.length * evaluate.multiplyAdds
    );
  }
}

/** Records what the kernel differs in from the true one, with its gradient in the generator's weights. */
function recordComparison(
  tape: Tape,
  generator: Generator,
  truth: Tensor,
  history: Tensor,
  counter: StepCounter,
): void {
  const losses = tape.tensor([EVALUATION_ELEMENTS], "meta-losses");
  const at = (place: keyof typeof AT): Tensor => losses.view(AT[place], [1]);
  const kernel = generator.chain.kernel(tape);
  const terms = [
    { loss: covarianceLoss(tape, kernel, truth, COVARIANCE_WEIGHT, at("kernelCov")), weight: 1 },
    { loss: sumToOneLoss(tape, kernel, at("sumToOne")), weight: SUM_TO_ONE_WEIGHT },
    { loss: l1Loss(tape, kernel, truth, at("kernelPixels")), weight: 1 },
  ];
  tape.backward(terms, [generator.parameters.whole]);
  record(tape, losses, counter, history);
}
