/** In this order: a line in which the engine replaces the type, comments, numbers, names, operators, spaces, the rest. */
const TOKEN =
  /alias \w+ = f32;|\/\/.*|\/\*[\s\S]*?\*\/|\d[\w.]*|[A-Za-z_]\w*|[-+*%&|^<>=!]+|\/=?|\s+|[^\s\w]/g;

const OPERATOR = /[-+*/%&|^<>=!]/;

/** After these words something gets its name. */
const DECLARING = ["let", "const", "var", "fn", "struct"];

/** A variable with one of these before it is known outside of the shader. */
const SHARED = ["read", "read_write", "uniform"];

/** Two letters that mean something in WGSL, or might one day. */
const RESERVED = ["as", "do", "fn", "if", "of"];

/**
 * A shader without its comments and spare spaces, and with short names for what its own code alone refers to: not its bindings,
 * override constants, types in memory and entry point. WGSL has no text in quotes that could hold a comment.
 */
export function compactWgsl(text: string): string {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !/^(\s|\/\/|\/\*)/.test(token));
  const names = shortNames(tokens);
  return tokens
    .map((token, i) => (isReference(tokens, i) ? (names.get(token) ?? token) : token))
    .reduce((code, token) => code + (wouldMerge(code.slice(-1), token) ? " " : "") + token, "");
}

function wouldMerge(last: string, [first = ""]: string): boolean {
  return [/\w/, OPERATOR].some((kind) => kind.test(last) && kind.test(first));
}

function shortNames(tokens: readonly string[]): Map<string, string> {
  const declared = new Set(tokens.filter((_, i) => isDeclared(tokens, i)));
  const kept = new Set(tokens.filter((_, i) => isShared(tokens, i)));
  const taken = new Set([...tokens, ...RESERVED]);
  const names = new Map<string, string>();
  for (const name of declared) {
    const short = kept.has(name) ? undefined : abbreviations(name).find((word) => !taken.has(word));
    if (short === undefined || short.length >= name.length) continue;
    taken.add(short);
    names.set(name, short);
  }
  return names;
}

/** They keep the look of the name, so that shaders that are alike stay so, and are small when they are compressed together. */
function abbreviations(name: string): string[] {
  const [first = "", ...others] = name.replace(/\d+$/, "");
  const number = name.match(/\d+$/)?.[0] ?? "";
  return [first + number, ...others.map((letter) => first + letter + number)];
}

/** Whether a variable, a function, a parameter or a structure gets its name here. */
function isDeclared(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1] as string;
  if (DECLARING.includes(before)) return true;
  return /^[A-Za-z]/.test(tokens[i] as string) && tokens[i + 1] === ":" && isReference(tokens, i);
}

/** Whether a name is one that the engine knows. */
function isShared(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1] as string;
  const isBinding = before === ">" && SHARED.includes(tokens[i - 2] as string);
  const isEntryPoint =
    before === "fn" && tokens.slice(0, i).lastIndexOf("compute") > tokens.lastIndexOf("}", i);
  return isBinding || isEntryPoint || before === "override" || tokens[i] === "default";
}

/** Whether a word can refer to what is declared: it is no member, attribute or address space. */
function isReference(tokens: readonly string[], i: number): boolean {
  const [before, second] = [tokens[i - 1] as string, tokens[i - 2] as string];
  if (before === "." || before === "@" || second === "builtin") return false;
  return !(before === "<" && second === "var") && !(tokens[i + 1] === ":" && isMember(tokens, i));
}

function isMember(tokens: readonly string[], i: number): boolean {
  return (
    tokens[tokens.lastIndexOf("{", i) - 2] === "struct" &&
    tokens.lastIndexOf("}", i) < tokens.lastIndexOf("{", i)
  );
}
