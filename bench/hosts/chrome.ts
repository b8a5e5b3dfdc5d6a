import { rmSync } from "node:fs";
import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { build, type PreviewServer, preview } from "vite";
import { type Chrome, findChrome } from "../../src/node/device/chrome.js";
import { buildFolder } from "../build-folder.js";
import type { HarnessCalls } from "../harness/harness.js";
import { BenchError } from "../report/errors.js";
import type { Host } from "./host.js";

const MORE_ARGS = [
  // By default Chrome rounds GPU timestamps to 100 µs, which is longer than many kernels.
  "--disable-dawn-features=timestamp_quantization",
  // A peer may keep a software driver busy for longer than the watchdog waits.
  "--disable-gpu-watchdog",
];

/** They isolate the page, so that the browser's clock has a resolution of 5 µs instead of 100. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * Opens a page in headless Chrome, on the browser's own software adapter or on a GPU.
 * @param folder the folder of the bench.
 * @param peers names of the peers that the page may load.
 * @param adapter "gpu" or "swiftshader"; default: `$METAKERNELGAN_ADAPTER`, else swiftshader.
 */
export async function openChrome(
  folder: string,
  peers: readonly string[],
  adapter = process.env.METAKERNELGAN_ADAPTER || undefined,
): Promise<Host> {
  const chrome = await findChrome();
  if (!chrome) {
    throw new BenchError(
      "Chrome was not found: install it, set CHROME_PATH to its executable, or measure in Node (--node).",
    );
  }
  const args = [...argumentsFor(chrome, adapter), ...MORE_ARGS];
  const server = await servePage(folder, peers);
  let browser: Browser | undefined;
  try {
    browser = await puppeteer.launch({
      executablePath: chrome.executablePath,
      args,
      env: { ...chrome.env },
      // The bench ends by itself, with what it has measured.
      handleSIGINT: false,
      handleSIGTERM: false,
      // A call takes as long as its measurement.
      protocolTimeout: 0,
    });
    const harness = remoteHarness(await openPage(browser, server));
    await requireKind(harness, adapter);
    const opened = browser;
    return {
      harness,
      versions: { Chrome: (await browser.version()).replace(/^.*\//, "") },
      peerUrl: (name) => `/${name}.js`,
      close: async () => {
        await opened.close();
        await server.close();
        rmSync(buildFolder(folder, "page"), { recursive: true, force: true });
      },
    };
  } catch (error) {
    await browser?.close();
    await server.close();
    throw error;
  }
}

function argumentsFor({ args }: Chrome, adapter = "swiftshader"): string[] {
  if (adapter === "swiftshader") return [...args];
  if (adapter === "gpu") {
    const hardware = args.filter((arg) => !arg.startsWith("--use-webgpu-adapter"));
    return process.platform === "linux" ? [...hardware, "--enable-features=Vulkan"] : hardware;
  }
  throw new BenchError(
    `Chrome has no adapter ${adapter}: set --adapter or METAKERNELGAN_ADAPTER to gpu or swiftshader, or measure in Node (--node).`,
  );
}

/** Without a GPU, Chrome silently uses its software adapter. */
async function requireKind(harness: HarnessCalls, asked: string | undefined): Promise<void> {
  const { kind } = await harness.adapter();
  if (asked === "gpu" && kind !== "gpu") {
    throw new BenchError(
      "Chrome found no GPU on this machine: install a driver with Vulkan, or choose swiftshader.",
    );
  }
}

/** Builds the page and the peers, and serves them. */
async function servePage(folder: string, peers: readonly string[]): Promise<PreviewServer> {
  const config = { configFile: join(folder, "vite.config.ts"), mode: "page" };
  const modules = Object.fromEntries(peers.map((name) => [name, join(folder, "peers", `${name}.js`)]));
  await build({
    ...config,
    build: {
      rolldownOptions: {
        input: { index: join(folder, "hosts/index.html"), ...modules },
        output: { entryFileNames: "[name].js" },
        // The page imports a peer by its URL, so its exports must be kept.
        preserveEntrySignatures: "strict",
      },
    },
  });
  return preview({ ...config, preview: { host: "localhost", port: 0, headers: HEADERS } });
}

async function openPage(browser: Browser, server: PreviewServer): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => {
    if (message.type() === "error") process.stderr.write(`  page: ${message.text()}\n`);
  });
  page.on("pageerror", (error) => process.stderr.write(`  page: ${error}\n`));
  await page.goto(server.resolvedUrls?.local[0] as string);
  return page;
}

/** A proxy for the page's harness. */
function remoteHarness(page: Page): HarnessCalls {
  const call = async (method: keyof HarnessCalls, args: unknown[]): Promise<unknown> => {
    // Puppeteer would bury the message of a thrown error in the lines of its stack.
    const answer = await page.evaluate(
      async (method, args) => {
        try {
          const harness = await globalThis.harness;
          return { value: await (harness[method] as (...args: unknown[]) => unknown)(...args) };
        } catch (error) {
          return { error: error instanceof Error ? error.message : String(error) };
        }
      },
      method,
      args,
    );
    if (answer.error !== undefined) throw new BenchError(answer.error);
    return answer.value;
  };
  return new Proxy({} as HarnessCalls, {
    // A proxy with a `then` would be taken for a promise by `await`.
    get: (_, name) =>
      name === "then" ? undefined : (...args: unknown[]) => call(name as keyof HarnessCalls, args),
  });
}
