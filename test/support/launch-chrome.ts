import puppeteer, { type Browser } from "puppeteer-core";
import { findChrome } from "../../src/node/device/chrome.js";

/** Starts the headless Chrome that {@link findChrome} finds; fails where there is none. */
export async function launchChrome(): Promise<Browser> {
  const chrome = await findChrome();
  if (!chrome) {
    throw new Error(
      "There is no Chrome to run the browser tests in: install one or name it in CHROME_PATH, " +
        "or run only tests without one (npm run test:unit, npx vitest run --project node).",
    );
  }
  return puppeteer.launch({
    executablePath: chrome.executablePath,
    args: [...chrome.args],
    env: { ...chrome.env },
  });
}
