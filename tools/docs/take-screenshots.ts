import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScreenshotOptions } from "puppeteer-core";
import { buildPage } from "../../test/support/build.js";
import { launchChrome } from "../../test/support/launch-chrome.js";
import { ROOT } from "../../test/support/root.js";
import { serve } from "../../test/web/serve.js";
import { Visitor } from "../../test/web/visitor.js";

const FOLDER = join(ROOT, "screenshots");
const DESKTOP = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

await mkdir(FOLDER, { recursive: true });
const built = await mkdtemp(join(tmpdir(), "metakernelgan-page-"));
await buildPage(built);
const site = await serve({ "/": built });
const browser = await launchChrome();
try {
  for (const scheme of ["light", "dark"] as const) {
    for (const [device, viewport] of Object.entries({ desktop: DESKTOP, phone: PHONE })) {
      const visitor = await Visitor.arrive(browser, site.address);
      const { page } = visitor;
      const shoot = async (name: string, options: ScreenshotOptions = { fullPage: true }): Promise<void> => {
        const path = join(FOLDER, `${device}-${scheme}-${name}.png`) as `${string}.png`;
        await page.screenshot({ ...options, path });
        console.log(path);
      };
      await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await page.setViewport(viewport);
      await shoot("start");
      await visitor.press(`[data-drawing=${scheme === "light" ? "leaves" : "poster"}]`);
      await visitor.reads("#plan", "becomes");
      await visitor.press("#run");
      await visitor.reads("#status", "Upscaling in");
      await shoot("during");
      await visitor.reads("#status", "Done in", 120_000);
      await shoot("after");
      await visitor.set({ method: "meta", steps: "60" });
      await visitor.press("#run");
      await visitor.reads("#clock", "step 30");
      await shoot("adaptation-during");
      await visitor.reads("#status", "Done in", 120_000);
      await shoot("adaptation-after");
      await visitor.give({ name: "notes.txt", type: "text/plain", bytes: new TextEncoder().encode("notes") });
      await visitor.reads("#message", "notes.txt");
      await shoot("message");
      await page.close();
    }
  }
} finally {
  await browser.close();
  await site.close();
  await rm(built, { recursive: true });
}
