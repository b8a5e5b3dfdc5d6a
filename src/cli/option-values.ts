import { InvalidArgumentError } from "commander";

/** A parser of whole numbers within a range, for an option's value. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It is a whole number from ${least} to ${most}.`);
  };
}

/** Parses whole numbers with commas between them. */
export function wholeNumbers(text: string): number[] {
  if (/^\d+(,\d+)*$/.test(text)) return [...new Set(text.split(",").map(Number))];
  throw new InvalidArgumentError("It is whole numbers with commas between them, such as 0,25,200.");
}

/** Collects the values of an option that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
