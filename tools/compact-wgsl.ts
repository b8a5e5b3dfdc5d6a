/** In this order: a line whose type the engine replaces, comments, numbers, names, operators, spaces, the rest. */
const TOKEN =
  /alias \w+ = f32;|\/\/.*|\/\*[\s\S]*?\*\/|\d[\w.]*|[A-Za-z_]\w*|[-+*%&|^<>=!]+|\/=?|\s+|[^\s\w]/g;

const OPERATOR = /[-+*/%&|^<>=!]/;

/** Words that are followed by the name of something new. */
const DECLARING = ["let", "const", "var", "fn", "struct"];

/** Access modes of variables that are known outside of the shader. */
const SHARED = ["read", "read_write", "uniform"];

/** Words of two letters that have a meaning in WGSL, or might get one. */
const RESERVED = ["as", "do", "fn", "if", "of"];

/**
 * Removes comments and unneeded spaces of a shader and shortens names that only its own code uses: not those of bindings,
 * override constants, storage types and the entry point. WGSL has no quoted text that could look like a comment.
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

/** Short names that depend on the long one only, so that similar shaders stay similar and compress well together. */
function abbreviations(name: string): string[] {
  const [first = "", ...others] = name.replace(/\d+$/, "");
  const number = name.match(/\d+$/)?.[0] ?? "";
  return [first + number, ...others.map((letter) => first + letter + number)];
}

/** Whether a token declares a variable, a function, a parameter or a structure. */
function isDeclared(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1] as string;
  if (DECLARING.includes(before)) return true;
  return /^[A-Za-z]/.test(tokens[i] as string) && tokens[i + 1] === ":" && isReference(tokens, i);
}

/** Whether the engine refers to the name. */
function isShared(tokens: readonly string[], i: number): boolean {
  const before = tokens[i - 1] as string;
  const isBinding = before === ">" && SHARED.includes(tokens[i - 2] as string);
  const isEntryPoint =
    before === "fn" && tokens.slice(0, i).lastIndexOf("compute") > tokens.lastIndexOf("}", i);
  return isBinding || isEntryPoint || before === "override" || tokens[i] === "default";
}

/** Whether a word can refer to a declaration: it is not a member, an attribute or an address space. */
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
