import { type FoundAdapter, isChosen, listAdapters } from "../../../node/device/adapters.js";
import { type Chrome, findChrome } from "../../../node/device/chrome.js";
import { cancellable } from "../../shared/cancellable.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { print, printJson, printLine } from "../../shared/terminal/report.js";

/** The options of `metakernelgan devices`. */
export interface DevicesOptions {
  readonly json?: boolean;
}

/** `metakernelgan devices`. */
export async function devices({ json }: DevicesOptions, version: string): Promise<void> {
  await cancellable(async (signal) => {
    const adapters = await listAdapters();
    signal.throwIfAborted();
    const chosen = defaultOf(adapters);
    const { browser, note } = await browserOf();
    signal.throwIfAborted();
    if (json) {
      printJson({
        version,
        adapters,
        default: chosen.adapter ? { ...chosen.adapter, reason: chosen.reason } : null,
        browser: browser
          ? { source: browser.source, version: browser.version, executablePath: browser.executablePath }
          : null,
        notes: note === undefined ? [] : [note],
      });
    } else {
      print(textOf(adapters, chosen, browser, note));
    }
    if (!chosen.adapter) {
      printLine(chosen.reason);
      process.exitCode = 1;
    }
  });
}

interface Choice {
  readonly adapter?: FoundAdapter;
  readonly reason: string;
}

/** The adapter of a run without `--adapter`, and why; if there is none, the reason says what to do. */
function defaultOf(adapters: readonly FoundAdapter[]): Choice {
  const asked = process.env.METAKERNELGAN_ADAPTER;
  if (asked) {
    const adapter = adapters.find((each) => isChosen(each, asked));
    return adapter
      ? { adapter, reason: `METAKERNELGAN_ADAPTER is ${asked}` }
      : {
          reason: `METAKERNELGAN_ADAPTER is ${asked}, and there is no such adapter here; unset it or change it.`,
        };
  }
  const [adapter] = adapters;
  if (!adapter) {
    return {
      reason:
        "WebGPU found no adapter: install a GPU driver, or on x64 Linux run `npm ci` again without --omit=optional.",
    };
  }
  if (adapter.kind === "gpu") return { adapter, reason: "a GPU is preferred to software drivers" };
  return {
    adapter,
    reason:
      adapters.length > 1
        ? "no GPU was found, and this is the fastest software driver"
        : "no other was found",
  };
}

/** The browser in which tests and pages would run; a missing or broken one is not a failure here. */
async function browserOf(): Promise<{ browser?: Chrome; note?: string }> {
  try {
    return { browser: await findChrome() };
  } catch (error) {
    return { note: error instanceof Error ? error.message : String(error) };
  }
}

function textOf(
  adapters: readonly FoundAdapter[],
  { adapter: chosen, reason }: Choice,
  browser: Chrome | undefined,
  note: string | undefined,
): string {
  const rows = adapters.map(
    (adapter) =>
      `${adapter === chosen ? "*" : " "} ${adapterText(adapter)}, ${adapter.source === "bundled" ? "from an optional dependency" : "of the system"}`,
  );
  const found = browser
    ? `Browser: ${browser.source}, version ${browser.version ?? "unknown"}, ${browser.executablePath}`
    : `Browser: none. ${note ?? "Install Chrome or Chromium to run in a page."}`;
  return [
    adapters.length > 0 ? "Adapters:" : "Adapters: none.",
    ...rows,
    ...(chosen ? [`* is used unless --adapter names another: ${reason}.`] : []),
    found,
  ].join("\n");
}
