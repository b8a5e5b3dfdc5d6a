const WORD = /[A-Za-z_$][\w$]*/g;

/** A node of a syntax tree, with the parts that matter here. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly computed?: boolean;
  readonly key?: Node;
  readonly left?: Node;
  readonly object?: Node;
  readonly property?: Node;
  readonly name?: string;
  readonly value?: unknown;
}

/** The names of a program, by where they stand. */
interface Names {
  /** Of methods and fields of classes. */
  readonly members: Set<string>;
  /** After a dot, and in patterns. */
  readonly used: Set<string>;
  /** Of what objects hold that are no instances of classes. */
  readonly keys: Set<string>;
  /** Words of strings, each of which might name a member or a key. */
  readonly words: Set<string>;
}

/** All words of a text. */
export function wordsOf(text: string): string[] {
  return text.match(WORD) ?? [];
}

/**
 * A program without the methods of its classes that it never names: bundlers keep them.
 * @param parse makes its syntax tree.
 * @param platform names that others may call, or read.
 */
export function withoutUnusedMethods(
  code: string,
  parse: (code: string) => unknown,
  platform: ReadonlySet<string>,
): string {
  const tree = parse(code);
  const { used, words } = namesOf(tree);
  const unused = [...nodes(tree)].filter(({ type, computed, key }) => {
    const name = key?.name;
    if (type !== "MethodDefinition" || computed || !name || name === "constructor") return false;
    return ![used, words, platform].some((names) => names.has(name));
  });
  if (unused.length === 0) return code;
  const shorter = unused
    .sort((a, b) => b.start - a.start)
    .reduce((text, { start, end }) => text.slice(0, start) + text.slice(end), code);
  // Methods that only those called.
  return withoutUnusedMethods(shorter, parse, platform);
}

/**
 * Names that may be changed: of methods and fields of a program's classes, and of keys that it reads by name. No string has them as a word,
 * and no other program knows them. A key that is only written may be looked up by a value, or be listed.
 * @param platform names that others may call, or read.
 */
export function ownNames(tree: unknown, platform: ReadonlySet<string>): string[] {
  const { members, used, keys, words } = namesOf(tree);
  return [...new Set([...members, ...[...keys].filter((name) => used.has(name))])].filter(
    (name) => name !== "constructor" && ![words, platform].some((names) => names.has(name)),
  );
}

function namesOf(tree: unknown): Names {
  const names: Names = { members: new Set(), used: new Set(), keys: new Set(), words: new Set() };
  for (const node of nodes(tree)) {
    const { type, computed, key, left, property, value } = node;
    const add = (to: Set<string>, named: Node | undefined): void => {
      if (named?.name) to.add(named.name);
    };
    if (type === "Literal" && typeof value === "string")
      for (const word of wordsOf(value)) names.words.add(word);
    if (type === "TemplateElement") {
      for (const word of wordsOf((value as { cooked?: string }).cooked ?? "")) names.words.add(word);
    }
    if (computed) continue;
    if (type === "MethodDefinition" || type === "PropertyDefinition") add(names.members, key);
    if (type === "AssignmentExpression" && left?.object?.type === "ThisExpression" && !left.computed)
      add(names.members, left.property);
    if (type === "MemberExpression") add(names.used, property);
    if (type === "ObjectPattern")
      for (const each of propertiesOf(node)) if (!each.computed) add(names.used, each.key);
    if (type === "ObjectExpression")
      for (const each of propertiesOf(node)) if (!each.computed) add(names.keys, each.key);
  }
  return names;
}

function propertiesOf(node: Node): Node[] {
  return (node as unknown as { properties: Node[] }).properties.filter(({ type }) => type === "Property");
}

/** All nodes of a syntax tree. */
function* nodes(tree: unknown): Generator<Node> {
  if (typeof tree !== "object" || tree === null) return;
  if ("type" in tree) yield tree as Node;
  for (const child of Object.values(tree)) yield* nodes(child);
}
