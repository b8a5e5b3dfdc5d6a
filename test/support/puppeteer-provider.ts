import { defineBrowserProvider } from "@vitest/browser";
import type { Browser } from "puppeteer-core";
import type { BrowserProvider } from "vitest/node";
import { launchChrome } from "./launch-chrome.js";

/** Vitest's browser mode in the headless Chrome of this machine, or in the one that a dev dependency brings. */
export function puppeteer() {
  return defineBrowserProvider({
    name: "puppeteer",
    supportedBrowser: ["chrome"],
    providerFactory: () => new PuppeteerProvider(),
  });
}

class PuppeteerProvider implements BrowserProvider {
  readonly name = "puppeteer";
  readonly supportsParallelism = false;
  private browser?: Promise<Browser>;

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(_sessionId: string, url: string): Promise<void> {
    this.browser ??= launchChrome();
    const page = await (await this.browser).newPage();
    await page.goto(url);
  }

  async close(): Promise<void> {
    // One that never started was reported by openPage.
    const browser = await this.browser?.catch(() => undefined);
    this.browser = undefined;
    await browser?.close();
  }
}
