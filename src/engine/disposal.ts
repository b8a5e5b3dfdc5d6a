import { EngineError } from "./errors.js";

/**
 * `Symbol.dispose`, which `using` looks for. A browser without it gets the symbol that compilers put in its
 * place, so that a class can always declare the method.
 */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");

/** Something that holds GPU memory. */
export interface Disposable {
  dispose(): void;
}

/**
 * Makes something of parts that hold GPU memory. If that fails, the parts made by then are freed.
 * @param make calls `own` with each part.
 */
export async function freeOnFailure<T>(
  make: (own: <Part extends Disposable>(part: Part) => Part) => Promise<T>,
): Promise<T> {
  const parts: Disposable[] = [];
  const own = <Part extends Disposable>(part: Part): Part => {
    parts.push(part);
    return part;
  };
  try {
    return await make(own);
  } catch (error) {
    for (const part of parts) part.dispose();
    throw error;
  }
}

/** Remembers whether something was disposed. */
export class Lifetime {
  private over = false;

  /** @param what its name in a sentence. */
  constructor(private readonly what: string) {}

  /** @throws {EngineError} if it is over. */
  check(): void {
    if (this.over) throw new EngineError(`This ${this.what} was disposed; load another.`);
  }

  /** Ends it. Returns whether it was over already. */
  end(): boolean {
    const was = this.over;
    this.over = true;
    return was;
  }
}
