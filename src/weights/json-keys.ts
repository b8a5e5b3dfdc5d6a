/** No file of ours has objects nested more deeply. They share one set of keys: millions of sets would exhaust the memory. */
const MAX_DEPTH = 8;

/**
 * Finds a key that stands twice in one object of a JSON text. `JSON.parse` keeps the last of them without a word,
 * so a file could show one reader other tensors than another.
 * @param json a text that `JSON.parse` has accepted.
 * @returns the first repeated key, or undefined.
 */
export function duplicateKey(json: string): string | undefined {
  const open: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === "{") open.push(open[MAX_DEPTH - 1] ?? new Set());
    else if (char === "}") open.pop();
    else if (char === '"') {
      const end = closingQuote(json, i);
      if (isFollowedByColon(json, end)) {
        // Parsed, because escapes make one key look like two: "a" is also "\u0061".
        const key: string = JSON.parse(json.slice(i, end + 1));
        const keys = open[open.length - 1];
        if (keys?.has(key)) return key;
        keys?.add(key);
      }
      i = end;
    }
  }
  return undefined;
}

/** Position of the quote that ends the string begun at `start`. */
function closingQuote(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json[i] !== '"') i += json[i] === "\\" ? 2 : 1;
  return i;
}

/** In valid JSON only keys are strings followed by a colon. */
function isFollowedByColon(json: string, quote: number): boolean {
  let i = quote + 1;
  while (" \t\n\r".includes(json[i] ?? "-")) i++;
  return json[i] === ":";
}
