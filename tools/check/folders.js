import { dirname } from "node:path/posix";
import { cruise } from "dependency-cruiser";
import config from "../../.dependency-cruiser.js";

// Fails if folders of src import each other in a circle: node tools/check/folders.js
// A folder's own files are one box of the drawing, the folders within it are others. An index.ts is an entry: it may export all
// that lies below it, and no file beside or below it imports it.

const { output } = await cruise(["src"], { ...config.options, validate: false });

/** The imports between two folders, by the folder that imports, then by the imported one. */
const arrows = new Map();
for (const { source, dependencies } of output.modules) {
  if (source.endsWith("/index.ts")) continue;
  for (const { resolved } of dependencies) {
    const [from, to] = [dirname(source), dirname(resolved)];
    if (from === to || !resolved.startsWith("src/")) continue;
    const targets = arrows.get(from) ?? arrows.set(from, new Map()).get(from);
    targets.set(to, [...(targets.get(to) ?? []), `${source} → ${resolved}`]);
  }
}

/** The shortest way from one folder to another, as folders; undefined if there is none. */
function way(start, end) {
  const ways = [[start]];
  const seen = new Set([start]);
  for (const path of ways) {
    for (const next of arrows.get(path.at(-1))?.keys() ?? []) {
      if (next === end) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...path, next]);
    }
  }
  return undefined;
}

const circles = [...arrows.keys()].flatMap((folder) => {
  const path = way(folder, folder);
  // Each circle once, from its first folder.
  return path?.every((other) => folder <= other) ? [path] : [];
});
for (const path of circles) {
  console.error(`Folders import each other in a circle: ${path.join(" → ")}`);
  path.slice(1).forEach((to, i) => {
    for (const line of arrows.get(path[i]).get(to)) console.error(`  ${line}`);
  });
}
if (circles.length > 0) process.exitCode = 1;
