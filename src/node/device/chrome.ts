import { execFile } from "node:child_process";
import { createReadStream, createWriteStream } from "node:fs";
import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createBrotliDecompress } from "node:zlib";
import { BrowserError } from "../errors.js";
import { type BundledChromium, findBundledChromium, unpackTar } from "./bundled-chromium.js";
import { cacheEntry } from "./cache.js";

/** How to start a headless browser that has WebGPU. */
export interface Chrome {
  readonly executablePath: string;
  readonly args: readonly string[];
  /** The whole environment to start it with. */
  readonly env: NodeJS.ProcessEnv;
  readonly source: "installed" | "bundled";
  /** As the program prints it, such as `143.0.7499.0`; absent on Windows, where asking would open a window. */
  readonly version?: string;
}

/** Variables that name a browser; the first one that is set counts. */
const VARIABLES = ["CHROME_PATH", "PUPPETEER_EXECUTABLE_PATH"];

/** Names on the PATH of Linux and other Unixes. */
const NAMES = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];

const MAC_PATHS = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

const WINDOWS_PATHS = ["Google\\Chrome\\Application\\chrome.exe", "Chromium\\Application\\chrome.exe"];

/** Switches off the browser's own traffic and dialogs. */
const ARGS = [
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-quic",
  "--disable-sync",
  "--no-default-browser-check",
  "--no-first-run",
];

/** WebGPU on the browser's own software driver: without these, headless Chrome on Linux offers no adapter. */
const SOFTWARE_ARGS = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const run = promisify(execFile);

/**
 * A Chrome or Chromium of this machine, with the arguments and the environment that give a headless page WebGPU
 * on a software adapter: `$CHROME_PATH` or `$PUPPETEER_EXECUTABLE_PATH`, else one in the usual places, else the
 * headless shell of the optional package `@sparticuz/chromium` (x64 Linux), unpacked into the cache on first use
 * (about 200 MB); undefined if there is none.
 * @throws {BrowserError} if the browser that a variable names does not run.
 * @throws {CacheError} if the bundled browser cannot be unpacked.
 */
export async function findChrome(): Promise<Chrome | undefined> {
  for (const variable of VARIABLES) {
    const path = process.env[variable];
    if (!path) continue;
    const chrome = await installed(path);
    if (chrome) return chrome;
    throw new BrowserError(`${variable} names ${path}, which does not run as a browser.`);
  }
  for (const path of usualPlaces()) {
    const chrome = await installed(path);
    if (chrome) return chrome;
  }
  const bundle = await findBundledChromium();
  return bundle && bundled(bundle);
}

function usualPlaces(): string[] {
  const { env } = process;
  if (process.platform === "darwin") return MAC_PATHS;
  if (process.platform === "win32") {
    const roots = [env.PROGRAMFILES, env["PROGRAMFILES(X86)"], env.LOCALAPPDATA];
    return roots.flatMap((root) => (root ? WINDOWS_PATHS.map((path) => join(root, path)) : []));
  }
  const folders = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
}

/** The browser at a path; undefined if there is none, or if it is a stub that only says how to install one. */
async function installed(executablePath: string): Promise<Chrome | undefined> {
  const version = await versionOf(executablePath, process.env);
  if (version === undefined) return undefined;
  const sandbox = isRoot() ? ["--no-sandbox"] : [];
  return {
    executablePath,
    args: ["--headless=new", ...ARGS, ...SOFTWARE_ARGS, ...sandbox],
    env: { ...process.env },
    source: "installed",
    ...(version === "" ? {} : { version }),
  };
}

/** The unpacked browser; undefined if it does not run here, as on a system without glibc. */
async function bundled(bundle: BundledChromium): Promise<Chrome | undefined> {
  const folder = await cacheEntry(`chromium-${bundle.version}`, (empty) => unpackChromium(bundle, empty));
  const executablePath = join(folder, "chromium");
  const { LD_LIBRARY_PATH: before } = process.env;
  // NSS and Expat, which a system without a browser may lack.
  const libraries = join(folder, "lib");
  const env = { ...process.env, LD_LIBRARY_PATH: before ? `${libraries}${delimiter}${before}` : libraries };
  const version = await versionOf(executablePath, env);
  if (version === undefined) return undefined;
  const sandbox = isRoot() || !(await hasUserNamespaces()) ? ["--no-sandbox"] : [];
  return {
    executablePath,
    args: ["--headless", ...ARGS, ...SOFTWARE_ARGS, ...sandbox],
    env,
    source: "bundled",
    version,
  };
}

async function unpackChromium(bundle: BundledChromium, folder: string): Promise<void> {
  await pipeline(
    createReadStream(join(bundle.archives, "chromium.br")),
    createBrotliDecompress(),
    createWriteStream(join(folder, "chromium"), { mode: 0o755 }),
  );
  await unpackTar(bundle, "swiftshader.tar.br", folder);
  await unpackTar(bundle, "al2023.tar.br", folder);
}

/** The version a browser prints; "" on Windows, where it is not asked; undefined if it does not run. */
async function versionOf(path: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    if (process.platform === "win32") return "";
    const { stdout } = await run(path, ["--version"], { env, timeout: 10_000 });
    return /(?:chrom|edge)\D*(\d+(?:\.\d+)+)/i.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Whether this user may create namespaces, as the sandbox of a browser without a set-uid helper needs. */
async function hasUserNamespaces(): Promise<boolean> {
  try {
    await run("unshare", ["--user", "true"], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
