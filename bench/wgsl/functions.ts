/** A function of a shader. */
interface ShaderFunction {
  readonly name: string;
  /** Its text from its name to the end of its body. */
  readonly text: string;
}

const FUNCTION = /\bfn\s+([\p{L}_][\p{L}\p{N}_]*)/gu;
/** Directives and assertions, which say nothing about bindings, and which the parser knows only in part. */
const DIRECTIVE = /^\s*(?:enable|requires|diagnostic|const_assert)\b[^;]*;/gm;
/** The size of a workgroup, which may be any expression. */
const WORKGROUP_SIZE = /@workgroup_size\s*\((?:[^()]|\([^()]*\))*\)/g;

/** Blanks a text, but for its lines' ends, so that places stay. */
function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/** A shader without its comments; those in blocks may hold others. */
export function withoutComments(code: string): string {
  let [kept, depth, at] = ["", 0, 0];
  while (at < code.length) {
    const next = (depth > 0 ? /\/\*|\*\//g : /\/\*|\/\/[^\n]*/g).exec(code.slice(at));
    const until = at + (next?.index ?? code.length - at);
    const text = code.slice(at, until);
    kept += (depth > 0 ? blank(text) : text) + blank(next?.[0] ?? "");
    if (next?.[0] === "/*") depth++;
    else if (next?.[0] === "*/") depth--;
    at = until + (next?.[0].length ?? 0);
  }
  return kept;
}

/** A shader's declarations alone, for a parser of interfaces: functions' bodies and directives are blanked. */
export function declarations(code: string): string {
  let kept = withoutComments(code).replace(DIRECTIVE, blank).replace(WORKGROUP_SIZE, "@workgroup_size(1)");
  for (const { text } of functionsOf(kept)) {
    const body = text.slice(text.indexOf("{"));
    kept = kept.replace(text, () => `${text.slice(0, -body.length)}{${blank(body.slice(1, -1))}}`);
  }
  return kept;
}

/** The functions of a shader without comments. */
function functionsOf(code: string): ShaderFunction[] {
  return [...code.matchAll(FUNCTION)].map(({ 1: name = "", index }) => {
    let depth = 0;
    let end = code.indexOf("{", index);
    do {
      if (code[end] === "{") depth++;
      if (code[end] === "}") depth--;
      end++;
    } while (depth > 0 && end < code.length && end > 0);
    return { name, text: code.slice(index, Math.max(index, end)) };
  });
}

/**
 * Which of some names, declared outside of functions, an entry point uses, in itself or in what it calls. The device leaves out
 * bindings that are not used, and takes no buffers for them.
 */
export function usedNames(code: string, entry: string, names: readonly string[]): Set<string> {
  const functions = new Map(functionsOf(withoutComments(code)).map(({ name, text }) => [name, text]));
  const used = new Set<string>();
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const text = functions.get(name);
    if (text === undefined || seen.has(name)) return;
    seen.add(name);
    for (const [word] of text.matchAll(/(?<![.\p{L}\p{N}_])[\p{L}_][\p{L}\p{N}_]*/gu)) {
      if (functions.has(word)) visit(word);
      if (names.includes(word) && isGlobal(text, word)) used.add(word);
    }
  };
  visit(entry);
  return used;
}

/** Whether a function means the global of a name: it does not hide it, or uses it before it does. */
function isGlobal(text: string, name: string): boolean {
  const head = text.slice(0, text.indexOf("{"));
  if (new RegExp(`[(,]\\s*(?:@[^,]*\\s)?${name}\\s*:`, "u").test(head)) return false;
  const hidden = new RegExp(`\\b(?:let|const|var(?:\\s*<[^>]*>)?)\\s+${name}\\b[^;]*;`, "u").exec(text);
  if (!hidden) return true;
  const before = text.slice(0, hidden.index) + hidden[0].replace(name, "");
  return new RegExp(`(?<![.\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, "u").test(before);
}
