import { WORDS } from "./read-shader.js";

/** A word of a shader's text. */
const WORD = /[A-Za-z_]\w*/g;

/** Letters of short names: all but those that stand for words in an abbreviated shader. */
const LETTERS = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => !(letter in WORDS));

/** A place in a program's text, and what it gets instead. */
interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** A node of a syntax tree, with the parts that matter here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly computed?: boolean;
  readonly shorthand?: boolean;
  readonly key?: Node;
  readonly property?: Node;
  readonly name?: string;
  readonly value?: unknown;
}

/**
 * Short names for the override constants of some shaders, the same in all of them: the more often a name is written, the earlier
 * it has its choice. None of them is a word of a shader.
 * @param kept names that stay as they are.
 */
export function shortOverrides(
  shaders: readonly string[],
  kept: readonly string[] = [],
): Map<string, string> {
  const words = shaders.flatMap((text) => text.match(WORD) ?? []);
  const names = new Set(
    shaders.flatMap((text) => [...text.matchAll(/override (\w+)/g)].map(([, name]) => name)),
  );
  for (const name of kept) names.delete(name);
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const taken = new Set(words);
  const result = new Map<string, string>();
  for (const name of [...names].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0))) {
    const own = [...name].filter((letter) => LETTERS.includes(letter));
    const pairs = LETTERS.map((letter) => `${own[0] ?? "A"}${letter}`);
    const short = [...own, ...LETTERS, ...pairs].find((each) => !taken.has(each));
    if (short === undefined || short.length >= name.length) continue;
    taken.add(short);
    result.set(name, short);
  }
  return result;
}

/** A shader's text with other names. */
export function renameWords(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(WORD, (word) => names.get(word) ?? word);
}

/**
 * A program's text with other names for keys of objects, wherever it writes them: in objects, after a dot, and as strings.
 * @param tree its syntax tree.
 */
export function renameKeys(code: string, tree: unknown, names: ReadonlyMap<string, string>): string {
  return replacements(tree as Node, names)
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end, text: short }) => text.slice(0, start) + short + text.slice(end), code);
}

function replacements(node: unknown, names: ReadonlyMap<string, string>): Replacement[] {
  if (typeof node !== "object" || node === null) return [];
  const { type, start, end, key, property, shorthand, computed, value } = node as Node;
  const short = type === "Literal" && typeof value === "string" ? names.get(value) : undefined;
  if (short) return [{ start, end, text: JSON.stringify(short) }];
  const named = type === "Property" ? key : type === "MemberExpression" ? property : undefined;
  const renamed = !computed && named?.name ? names.get(named.name) : undefined;
  if (named && renamed && shorthand) {
    // Of a default value in a pattern, too, it keeps what stands after the name.
    return [{ start: named.start, end: named.start, text: `${renamed}: ` }];
  }
  const inner = Object.values(node).flatMap((child) => replacements(child, names));
  return named && renamed ? [...inner, { start: named.start, end: named.end, text: renamed }] : inner;
}
