import { InvalidArgumentError, Option } from "commander";

/** An option that takes some of the choices, separated by commas; all of them unless given. */
export function list(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).default([...choices], "all").argParser((text: string) => {
    if (text === "none") return [];
    const chosen = text.split(",").map((name) => name.trim());
    const unknown = chosen.find((name) => !choices.includes(name));
    if (unknown !== undefined) {
      throw new InvalidArgumentError(
        `There is no ${unknown || "empty choice"}: choose from ${choices.join(", ")}.`,
      );
    }
    return [...new Set(chosen)];
  });
}

/** Parses a whole number of at least 1. */
export function whole(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError("Give a whole number of at least 1.");
  return value;
}

/** Parses a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}

/** Parses a number from 0 up. */
export function notNegative(text: string): number {
  const value = Number(text);
  if (!(value >= 0) || !Number.isFinite(value) || text.trim() === "") {
    throw new InvalidArgumentError("Give a number from 0 up.");
  }
  return value;
}

/** Parses a percentage from 0 up as a fraction. */
export function percentage(text: string): number {
  const number = text.replace(/%$/, "");
  const value = Number(number);
  if (!(value >= 0) || !Number.isFinite(value) || number.trim() === "") {
    throw new InvalidArgumentError("Give a number of percent from 0 up.");
  }
  return value / 100;
}
