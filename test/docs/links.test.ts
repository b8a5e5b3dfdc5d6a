import { existsSync, readFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../support/root.js";

/** Folders of documents, and of code whose comments name documents. */
const PLACES = ["docs", "models", "bench", "src", "test", "tools", "examples"];

/** Notes describe the code of their date, so the files that they name may be gone. */
const DATED = /^docs\/notes\/\w+\/\d/;

const files = (await Promise.all(PLACES.map(filesBelow))).flat();
const documents = ["README.md", "CONTRIBUTING.md", ...files.filter((file) => file.endsWith(".md"))];

describe("documents", () => {
  it.each(documents)("%s links to files and headings that exist", (file) => {
    expect(linksOf(file).filter((link) => !leadsSomewhere(file, link))).toEqual([]);
  });

  it.each(documents.filter((file) => !DATED.test(file)))("%s names folders and files that exist", (file) => {
    const named = read(file).matchAll(/`((?:src|test|tools|bench|docs|models|examples|bin)\/[\w./-]*)`/g);
    // What the bench writes is not in the repository.
    const paths = [...named]
      .map(([, path]) => path as string)
      .filter((path) => path !== "bench/results/local");
    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it("comments name documents that exist", () => {
  const named = files
    .filter((file) => /\.(ts|js|py|wgsl)$/.test(file))
    .flatMap((file) =>
      [...read(file).matchAll(/\bdocs\/[\w./-]+\.md\b/g)].map(([path]) => `${file}: ${path}`),
    );
  expect(named.filter((mention) => !existsSync(join(ROOT, mention.split(": ")[1] as string)))).toEqual([]);
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)))
    .filter((path) => !/(^|\/)(node_modules|dist|results|__pycache__)\//.test(path));
}

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

/** Targets of links and images outside of code. */
function linksOf(file: string): string[] {
  const text = read(file).replace(/```[\s\S]*?```|`[^`\n]*`/g, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target as string);
}

function leadsSomewhere(file: string, link: string): boolean {
  if (/^https?:/.test(link)) return true;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || headingsOf(target).includes(anchor);
}

/** Anchors of a document's headings, as GitHub makes them. */
function headingsOf(file: string): string[] {
  const text = read(file).replace(/```[\s\S]*?```/g, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}
