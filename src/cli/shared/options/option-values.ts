import { InvalidArgumentError } from "commander";

/** A parser of whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** A parser of decimal numbers from `least` to `most`. */
export function decimalNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Give a number from ${least} to ${most}.`);
  };
}

/** Parses a learning rate. */
export function learningRate(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("Give a number above 0 and up to 1.");
}

/** Parses a comma-separated list of whole numbers. */
export function wholeNumbers(text: string): number[] {
  if (/^\d+(,\d+)*$/.test(text)) return [...new Set(text.split(",").map(Number))];
  throw new InvalidArgumentError("Give a comma-separated list of whole numbers, such as 0,25,200.");
}

/** A parser of comma-separated lists of whole numbers from 1 to `most`, in their order. */
export function countsTo(most: number): (text: string) => number[] {
  return (text) => {
    const values = /^\d+(,\d+)*$/.test(text) ? text.split(",").map(Number) : [];
    if (values.length > 0 && values.every((value) => value >= 1 && value <= most)) return values;
    throw new InvalidArgumentError(
      `Give a comma-separated list of whole numbers from 1 to ${most}, such as 6,1.`,
    );
  };
}

/** A parser of comma-separated lists of whole numbers from 0 to `most`. */
export function wholeNumbersTo(most: number): (text: string) => number[] {
  return (text) => {
    const values = wholeNumbers(text);
    if (values.every((value) => value <= most)) return values;
    throw new InvalidArgumentError(`Give whole numbers from 0 to ${most}.`);
  };
}

/** A parser of comma-separated lists of names. */
export function namesOf<Name extends string>(names: readonly Name[]): (text: string) => Name[] {
  return (text) =>
    text.split(",").map((part) => {
      const name = names.find((each) => each === part);
      if (name !== undefined) return name;
      throw new InvalidArgumentError(`Give a comma-separated list of some of ${names.join(",")}.`);
    });
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
