import type { Tape } from "../../src/engine/recording/tape.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";

/** The sizes of an operation, in the order of {@link Operation.sizes}, and its other numbers by their letters. */
export interface Arguments {
  readonly sizes: readonly number[];
  readonly numbers: Readonly<Record<string, number>>;
}

/** What an operation records with. */
export interface Recording {
  readonly tape: Tape;
  /** A new input of random values from −1 to 1, which gets a gradient. */
  readonly input: (shape: readonly number[]) => Tensor;
  /** Keeps something until the operation is freed. */
  readonly own: <T extends { dispose(): void }>(owner: T) => T;
}

/** A number at a place by definition, in double precision. */
type Definition = (given: Arguments, inputs: readonly Float32Array[], at: number) => number;

/**
 * How gradients are checked. Against the forward pass, by products of values and gradients: `each` if the result is linear in
 * each input, `sum` if it is linear in all inputs together. Or by the definition of the first input's gradient: that of a loss, or
 * that of half the sum of the result's squares. `unchecked` gradients are those that the self-test vouches for.
 */
export type GradientCheck = "each" | "sum" | "unchecked" | Definition;

/** An operation of the engine that `bench op` times at any size. */
export interface Operation {
  /** Name on the command line. */
  readonly name: string;
  /** Name of the engine's function. */
  readonly covers: string;
  /** Its sizes, in words. */
  readonly sizes: readonly string[];
  /** What each size is a multiple of, if the engine takes no others: other sizes are padded. */
  readonly multiples?: readonly number[];
  /** Other numbers by their letters: what they are, and their defaults. */
  readonly numbers?: Readonly<Record<string, readonly [meaning: string, value: number]>>;
  readonly example: string;
  /** Multiply-adds of the forward pass by the operation's definition. */
  readonly multiplyAdds: (given: Arguments) => number;
  /** Records the forward pass and returns its result. */
  readonly record: (recording: Recording, given: Arguments) => Tensor;
  /** The result at a place by definition, in double precision. Unless given, the self-test vouches for it. */
  readonly reference?: Definition;
  /** Unless given, it has no gradient. */
  readonly gradient?: GradientCheck;
  /** Whether its result is a loss, with which a backward pass begins. */
  readonly isLoss?: boolean;
}

/** Σ term(i) for i from 0 to count − 1. */
export function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

/**
 * The place of an element as coordinates.
 * @param sizes all but the first: the first coordinate is what remains.
 */
export function unravel(at: number, sizes: readonly number[]): number[] {
  const coordinates: number[] = [];
  let rest = at;
  for (const size of [...sizes].reverse()) {
    coordinates.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return [rest, ...coordinates];
}

/** An element of an array, in double precision. */
export function value(values: Float32Array | undefined, at: number): number {
  return values?.[at] as number;
}
