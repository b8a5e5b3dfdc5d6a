import { InvalidArgumentError } from "commander";

/** A parser of whole numbers within a range, for an option's value. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

/** A parser of learning rates. */
export function learningRate(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("It is a number above 0 and up to 1.");
}

/** Parses whole numbers with commas between them. */
export function wholeNumbers(text: string): number[] {
  if (/^\d+(,\d+)*$/.test(text)) return [...new Set(text.split(",").map(Number))];
  throw new InvalidArgumentError("It is whole numbers with commas between them, such as 0,25,200.");
}

/** A parser of whole numbers from 0 to a largest one, with commas between them. */
export function wholeNumbersTo(most: number): (text: string) => number[] {
  return (text) => {
    const values = wholeNumbers(text);
    if (values.every((value) => value <= most)) return values;
    throw new InvalidArgumentError(`They are whole numbers from 0 to ${most}.`);
  };
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** A parser of numbers within a range. */
export function fromTo(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+(\.\d+)?$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a number from ${least} to ${most}.`);
  };
}
