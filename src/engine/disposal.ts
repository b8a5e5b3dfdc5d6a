/**
 * `Symbol.dispose`, which `using` looks for. A browser without it gets the symbol that compilers put in its
 * place, so that a class can always declare the method.
 */
export const DISPOSE: typeof Symbol.dispose = Symbol.dispose ?? Symbol.for("Symbol.dispose");
