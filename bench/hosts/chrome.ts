import { join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { build, type PreviewServer, preview } from "vite";
import { type Chrome, findChrome } from "../../src/node/device/chrome.js";
import type { LaboratoryCalls } from "../harness/harness.js";
import { BenchError } from "../report/errors.js";
import type { Host } from "./host.js";

const MORE_ARGS = [
  // Chrome rounds GPU timestamps to 100 µs otherwise, longer than many a kernel.
  "--disable-dawn-features=timestamp_quantization",
  // A peer may keep a software driver busy for longer than the watchdog would wait.
  "--disable-gpu-watchdog",
];

/** Isolates the page, which makes the browser's clock finer: 5 µs instead of 100. */
const HEADERS = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/**
 * A page in headless Chrome, on the browser's own software adapter, or on a GPU if `$METAKERNELGAN_ADAPTER` says so.
 * @param folder of the bench.
 * @param peers files of peers that the page may load.
 */
export async function openChrome(folder: string, peers: readonly string[]): Promise<Host> {
  const chrome = await findChrome();
  if (!chrome) {
    throw new BenchError(
      "There is no Chrome here: install one or name it in CHROME_PATH, or measure in Node (--node).",
    );
  }
  const args = [...argumentsFor(chrome, process.env.METAKERNELGAN_ADAPTER), ...MORE_ARGS];
  const server = await servePage(folder, peers);
  let browser: Browser | undefined;
  try {
    browser = await puppeteer.launch({
      executablePath: chrome.executablePath,
      args,
      env: { ...chrome.env },
      // A call lasts as long as what it measures.
      protocolTimeout: 0,
    });
    const laboratory = remoteLaboratory(await openPage(browser, server));
    await requireKind(laboratory, process.env.METAKERNELGAN_ADAPTER);
    const opened = browser;
    return {
      laboratory,
      versions: { Chrome: (await browser.version()).replace(/^.*\//, "") },
      peerUrl: (name) => `/${name}.js`,
      close: async () => {
        await opened.close();
        await server.close();
      },
    };
  } catch (error) {
    await browser?.close();
    await server.close();
    throw error;
  }
}

function argumentsFor({ args }: Chrome, adapter: string | undefined): string[] {
  if (!adapter || adapter === "swiftshader") return [...args];
  if (adapter === "gpu") {
    const hardware = args.filter((arg) => !arg.startsWith("--use-webgpu-adapter"));
    return process.platform === "linux" ? [...hardware, "--enable-features=Vulkan"] : hardware;
  }
  throw new BenchError(
    `Chrome has no adapter ${adapter}: METAKERNELGAN_ADAPTER can be gpu or swiftshader here; measure others with --node.`,
  );
}

/** Chrome takes its software adapter where it finds no GPU, and does not say so. */
async function requireKind(laboratory: LaboratoryCalls, asked: string | undefined): Promise<void> {
  const { kind } = await laboratory.adapter();
  if (asked === "gpu" && kind !== "gpu") {
    throw new BenchError(
      "Chrome found no GPU on this machine: install its driver with Vulkan, or choose another adapter.",
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
        // The page imports a peer by its name, and so needs what it exports.
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

/** The page's laboratory, called from here. */
function remoteLaboratory(page: Page): LaboratoryCalls {
  const call = async (method: keyof LaboratoryCalls, args: unknown[]): Promise<unknown> => {
    // An error on its way out of the page would lose its message among the lines of its stack.
    const answer = await page.evaluate(
      async (method, args) => {
        try {
          const laboratory = await globalThis.laboratory;
          return { value: await (laboratory[method] as (...args: unknown[]) => unknown)(...args) };
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
  return new Proxy({} as LaboratoryCalls, {
    // Without this, `await` would take it for a promise.
    get: (_, name) =>
      name === "then" ? undefined : (...args: unknown[]) => call(name as keyof LaboratoryCalls, args),
  });
}
