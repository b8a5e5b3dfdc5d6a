import { expect, it } from "vitest";
import { launchChrome } from "../support/launch-chrome.js";
import { degradedPicture } from "./pictures.js";
import { servePage } from "./site.js";
import { Visitor } from "./visitor.js";

const SETTINGS = { scale: "2", method: "meta", steps: "5", seed: "3", model: "fast", sigma: "2" };

it("the page stays awake while the worker works, and cancels at once", async () => {
  const site = await servePage();
  const browser = await launchChrome();
  try {
    const visitor = await Visitor.arrive(browser, site.address);
    await visitor.give(degradedPicture(96, 80).file);
    await visitor.set({ ...SETTINGS, steps: "2000" });
    await visitor.press("#run");
    await visitor.reads("#clock", "step ");
    const gaps = await visitor.gaps(1500);
    // The processor is also the GPU here, so that a few may be long.
    expect(gaps[Math.floor(0.9 * gaps.length)]).toBeLessThan(50);
    const took = await visitor.page.evaluate(() => {
      const began = performance.now();
      document.getElementById("cancel")?.click();
      const isEnded = document.getElementById("status")?.textContent?.startsWith("Canceled after");
      return isEnded ? performance.now() - began : Infinity;
    });
    expect(took).toBeLessThan(50);
    await visitor.run(SETTINGS);
  } finally {
    await browser.close();
    await site.close();
  }
});
