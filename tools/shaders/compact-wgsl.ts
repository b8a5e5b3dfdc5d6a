import { WORDS } from "./read-shader.js";

/**
 * In this order: a line whose type the engine replaces, comments, numbers, names, operators, spaces, the
 * rest.
 */
const TOKEN =
  /alias \w+ = f32;|\/\/.*|\/\*[\s\S]*?\*\/|\d[\w.]*|[A-Za-z_]\w*|[-+*%&|^<>=!]+|\/=?|\s+|[^\s\w]/g;

const OPERATOR = /[-+*/%&|^<>=!]/;

/** A declaration gets its name after these words. */
const DECLARING = ["let", "const", "var", "fn", "struct"];

/** A variable with one of these before it is known outside of the shader. */
const SHARED = ["read", "read_write", "uniform"];

/** Two letters that mean something in WGSL, or might one day. */
const RESERVED = ["as", "do", "fn", "if", "of"];

/** Components of a vector, which stand after a dot as the members of a structure do. */
const COMPONENTS = /^([xyzw]{1,4}|[rgba]{1,4})$/;

/**
 * A shader without its comments and spare spaces, with short names for everything that only its own code
 * refers to. Its bindings, override constants, storage types and entry point keep their names. WGSL has no
 * strings, which could hold a comment.
 */
export function compactWgsl(text: string): string {
  const tokens = (text.match(TOKEN) ?? []).filter((token) => !/^(\s|\/\/|\/\*)/.test(token));
  const names = shortNames(tokens);
  const members = shortMembers(tokens);
  return tokens
    .map((token, i) => {
      if (isReference(tokens, i)) return names.get(token) ?? token;
      return isMemberName(tokens, i) ? (members.get(token) ?? token) : token;
    })
    .filter((token, i) => token !== "," || !isClosing(tokens[i + 1]))
    .map((token) => token.replace(/^(\d+\.)0+$/, "$1"))
    .reduce((code, token) => code + (wouldMerge(code.slice(-1), token) ? " " : "") + token, "");
}

/**
 * A compacted shader with `@name:` for each binding that it reads, `@@name:` for each that it also writes, and one character for
 * some frequent words.
 * @throws {Error} if its bindings are not storage buffers of group 0, declared in the order of their numbers, or if it has one of
 *   those characters.
 */
export function abbreviate(code: string): string {
  let count = 0;
  const result = code.replace(
    /@group\(0\)@binding\((\d+)\)var<storage,(read|read_write)>/g,
    (text, number, access) => (Number(number) === count++ ? (access === "read" ? "@" : "@@") : text),
  );
  if (result.includes("@binding")) throw new Error(`Bindings that cannot be abbreviated: ${result}`);
  return Object.entries(WORDS).reduce((text, [character, word]) => {
    if (code.includes(character)) throw new Error(`A shader has the character ${character}: ${code}`);
    return text.replaceAll(word, character);
  }, result);
}

function wouldMerge(last: string, [first = ""]: string): boolean {
  return [/\w/, OPERATOR].some((kind) => kind.test(last) && kind.test(first));
}

function isClosing(token = ""): boolean {
  return token === ")" || token === "}";
}

function shortNames(tokens: readonly string[]): Map<string, string> {
  const declared = tokens.filter((_, i) => isDeclared(tokens, i));
  const kept = new Set(tokens.filter((_, i) => isShared(tokens, i)));
  return shorten(
    declared.filter((name) => !kept.has(name)),
    new Set([...tokens, ...RESERVED]),
  );
}

function shortMembers(tokens: readonly string[]): Map<string, string> {
  const declared = tokens.filter((_, i) => tokens[i + 1] === ":" && isMember(tokens, i));
  return shorten(
    declared.filter((name) => !COMPONENTS.test(name)),
    new Set([...declared, ...RESERVED]),
    (word) => !COMPONENTS.test(word),
  );
}

/** Short names, none of which is taken already. */
function shorten(
  names: readonly string[],
  taken: Set<string>,
  isAllowed = (_word: string): boolean => true,
): Map<string, string> {
  const result = new Map<string, string>();
  for (const name of new Set(names)) {
    const short = abbreviations(name).find((word) => !taken.has(word) && isAllowed(word));
    if (short === undefined || short.length >= name.length) continue;
    taken.add(short);
    result.set(name, short);
  }
  return result;
}

/** They resemble the name, so that shaders that are alike stay so, and compress well together. */
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

/** Whether a word can refer to a declaration: it is not a member, an attribute or address space. */
function isReference(tokens: readonly string[], i: number): boolean {
  const [before, second] = [tokens[i - 1] as string, tokens[i - 2] as string];
  if (before === "." || before === "@" || second === "builtin") return false;
  return !(before === "<" && second === "var") && !(tokens[i + 1] === ":" && isMember(tokens, i));
}

/** Whether a word names a member of a structure, where that is declared or used. */
function isMemberName(tokens: readonly string[], i: number): boolean {
  return tokens[i - 1] === "." || (tokens[i + 1] === ":" && isMember(tokens, i));
}

function isMember(tokens: readonly string[], i: number): boolean {
  return (
    tokens[tokens.lastIndexOf("{", i) - 2] === "struct" &&
    tokens.lastIndexOf("}", i) < tokens.lastIndexOf("{", i)
  );
}
