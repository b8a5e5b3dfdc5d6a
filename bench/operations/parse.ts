import { BenchError } from "../report/errors.js";
import { OPERATIONS } from "./index.js";
import type { Arguments, Operation } from "./operation.js";

/** An operation at some sizes. */
export interface OperationCase extends Arguments {
  readonly operation: Operation;
  /** As on the command line, such as "conv2d 64x64x128x128 k3 s1 p0 n1"; with the sizes that were padded, if any were. */
  readonly text: string;
}

/** Sizes of which a sweep has at most so many. */
const MAX_CASES = 100;

/**
 * Parses an operation's name, its sizes and its other numbers. `8..64` stands for 8, 16, 32 and 64, one size for all of them.
 * @param words such as `["matmul", "128..512"]` or `["conv2d", "64x64x128x128", "k3"]`.
 * @returns a case for each combination.
 * @throws {BenchError} if the operation is unknown, or a number is wrong or missing.
 */
export function parseCases([name = "", sizes, ...letters]: readonly string[]): OperationCase[] {
  const operation = OPERATIONS.find((known) => known.name === name);
  if (!operation) {
    const names = OPERATIONS.map((known) => known.name).join(", ");
    throw new BenchError(`There is no operation "${name}": choose from ${names}.`);
  }
  const numbers = new Map(
    Object.entries(operation.numbers ?? {}).map(([letter, [, value]]) => [letter, [value]]),
  );
  const given = new Set<string>();
  for (const text of letters) {
    const letter = text[0] as string;
    if (!numbers.has(letter)) {
      throw new BenchError(`${name} has no number "${text}": ${usage(operation)}.`);
    }
    if (given.has(letter)) throw new BenchError(`${name} got ${letter} twice: give it once.`);
    given.add(letter);
    numbers.set(letter, range(text.slice(1), operation, { least: letter === "p" ? 0 : 1, shown: text }));
  }
  return sizeCases(sizes, operation).flatMap((sizes) =>
    combinations([...numbers.values()]).map((values) => {
      const byLetter = Object.fromEntries(
        [...numbers.keys()].map((letter, i) => [letter, values[i] as number]),
      );
      return { operation, numbers: byLetter, ...padded(operation, sizes, byLetter) };
    }),
  );
}

/** The sizes that the engine takes for those that were asked for, and both in words. */
function padded(
  { name, multiples = [] }: Operation,
  asked: readonly number[],
  byLetter: Readonly<Record<string, number>>,
): Pick<OperationCase, "sizes" | "text"> {
  const sizes = asked.map((size, i) => {
    const multiple = multiples[i] ?? 1;
    return multiple * Math.ceil(size / multiple);
  });
  const ending = Object.entries(byLetter).map(([letter, value]) => ` ${letter}${value}`);
  const text = `${name} ${asked.join("x")}${ending.join("")}`;
  return { sizes, text: sizes.join() === asked.join() ? text : `${text}, padded to ${sizes.join("x")}` };
}

/** How an operation is written, in a sentence's end. */
function usage({ name, sizes, numbers = {}, example }: Operation): string {
  const letters = Object.entries(numbers).map(
    ([letter, [meaning, value]]) => `${letter}N (${meaning}, ${value} unless given)`,
  );
  const more = letters.length > 0 ? `, then ${letters.join(", ")}` : "";
  return `give ${sizes.join(" x ")}${more}, such as ${name} ${example}`;
}

/** The sizes of each case. */
function sizeCases(text: string | undefined, operation: Operation): number[][] {
  const { name, sizes } = operation;
  const parts = text?.split(/[x×]/i) ?? [];
  if (parts.length === 1) return range(parts[0] as string, operation).map((size) => sizes.map(() => size));
  if (parts.length !== sizes.length) {
    throw new BenchError(`${name} takes ${sizes.length} sizes and got "${text ?? ""}": ${usage(operation)}.`);
  }
  return combinations(parts.map((part) => range(part, operation)));
}

/** A number, or all from the first to the second by doubling. `shown` is the text in which it stands. */
function range(text: string, operation: Operation, { least = 1, shown = text } = {}): number[] {
  const [, low = "", high = low] = /^(\d+)(?:\.\.(\d+))?$/.exec(text) ?? [];
  const [first, last] = [Number(low), Number(high)];
  if (low === "" || first < least || last < first || last > 2 ** 32 || (first === 0 && last > 0)) {
    throw new BenchError(
      `"${shown}" is no size of ${operation.name}: ${usage(operation)}; 8..64 stands for 8, 16, 32 and 64.`,
    );
  }
  const values: number[] = [];
  for (let value = first; value <= last; value = Math.max(1, 2 * value)) {
    values.push(value);
    if (value === 0) break;
  }
  return values;
}

function combinations(lists: readonly (readonly number[])[]): number[][] {
  const all = lists.reduce<number[][]>(
    (found, list) => found.flatMap((head) => list.map((value) => [...head, value])),
    [[]],
  );
  if (all.length > MAX_CASES) {
    throw new BenchError(
      `These sweeps have ${all.length} cases together: sweep fewer sizes, ${MAX_CASES} cases at most.`,
    );
  }
  return all;
}
