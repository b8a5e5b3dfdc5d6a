import type { Browser, Page, WebWorker } from "puppeteer-core";

/** A file that a person gives to the page. */
export interface GivenFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** A software device compiles a network's shaders slowly, in milliseconds. */
const RUN_TIMEOUT = 150_000;

/** What a page's worker keeps for the tests: its devices, in the order in which it opened them. */
interface WatchedScope {
  devices: GPUDevice[];
}

/** Somebody who uses the page. */
export class Visitor {
  private constructor(
    readonly page: Page,
    /** What went wrong in the page without being caught, and what its console was told. */
    readonly complaints: string[],
  ) {}

  static async arrive(browser: Browser, address: string): Promise<Visitor> {
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.setViewport({ width: 1200, height: 900 });
    await page.goto(address, { waitUntil: "networkidle0" });
    const visitor = new Visitor(page, complaints);
    await watchDevices(visitor.worker);
    return visitor;
  }

  get worker(): WebWorker {
    const [worker] = this.page.workers();
    if (!worker) throw new Error("The page has no worker.");
    return worker;
  }

  /** Drops a file on the page, or pastes it, with others behind it. */
  async give(
    file: GivenFile,
    how: "drop" | "paste" = "drop",
    others: readonly GivenFile[] = [],
  ): Promise<void> {
    const given = [file, ...others].map(({ name, type, bytes }) => ({
      name,
      type,
      base64: Buffer.from(bytes).toString("base64"),
    }));
    await this.page.evaluate(
      (files, event) => {
        const data = new DataTransfer();
        for (const { name, type, base64 } of files) {
          const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
          data.items.add(new File([bytes], name, { type }));
        }
        const target = document.getElementById("drop") as HTMLElement;
        const options = { bubbles: true, cancelable: true };
        target.dispatchEvent(
          event === "drop"
            ? new DragEvent("drop", { ...options, dataTransfer: data })
            : new ClipboardEvent("paste", { ...options, clipboardData: data }),
        );
      },
      given,
      how,
    );
  }

  /** Sets fields of the form. */
  async set(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.page.evaluate((values) => {
      const form = document.getElementById("settings") as HTMLFormElement;
      for (const [name, value] of Object.entries(values)) {
        const field = form.elements.namedItem(name) as HTMLInputElement | RadioNodeList;
        field.value = value;
        const changed = field instanceof RadioNodeList ? form.querySelector(`[name=${name}]:checked`) : field;
        changed?.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }, fields);
  }

  /** What the fields of the form hold. */
  async fields(): Promise<Record<string, string>> {
    return this.page.$eval("#settings", (form) =>
      Object.fromEntries(
        [...new FormData(form as HTMLFormElement)].map(([name, value]) => [name, String(value)]),
      ),
    );
  }

  /** Pastes text that is no file. */
  async paste(words: string): Promise<void> {
    await this.page.evaluate((pasted) => {
      const data = new DataTransfer();
      data.setData("text/plain", pasted);
      document.body.dispatchEvent(
        new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }),
      );
    }, words);
  }

  /** Moves a slider. */
  async slide(selector: string, value: number): Promise<void> {
    await this.page.$eval(
      selector,
      async (slider, wanted) => {
        (slider as HTMLInputElement).value = String(wanted);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        // It is drawn with the next frame.
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      },
      value,
    );
  }

  /** The red of every pixel in the comparison, with the divider somewhere. */
  async view(divider: number): Promise<{ width: number; height: number; values: number[] }> {
    await this.slide("#divider", divider);
    return this.page.$eval(".viewer canvas", (element) => {
      const canvas = element as HTMLCanvasElement;
      const { width, height } = canvas;
      const pixels = canvas.getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
      return { width, height, values: Array.from(pixels).filter((_, i) => i % 4 === 0) };
    });
  }

  /** Milliseconds between turns of the page's event loop, in rising order. */
  async gaps(duration: number): Promise<number[]> {
    return this.page.evaluate(async (during) => {
      const gaps: number[] = [];
      const end = performance.now() + during;
      for (let last = performance.now(); last < end; ) {
        await new Promise((turn) => setTimeout(turn, 5));
        const now = performance.now();
        gaps.push(now - last);
        last = now;
      }
      return gaps.sort((a, b) => a - b);
    }, duration);
  }

  /** The name or the text of the element with the focus. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement & { name?: string };
      const label = element.textContent?.trim();
      return element.name || label || element.id || element.localName;
    });
  }

  async text(selector: string): Promise<string> {
    return this.page.$eval(selector, (element) => element.textContent?.replace(/\s+/g, " ").trim() ?? "");
  }

  isVisible(selector: string): Promise<boolean> {
    return this.page.$eval(selector, (element) => element.checkVisibility());
  }

  /** Waits until an element's text has something in it. */
  async reads(selector: string, part: string, timeout = 30_000): Promise<void> {
    await this.page
      .waitForFunction(
        (where, what) => document.querySelector(where)?.textContent?.replace(/\s+/g, " ").includes(what),
        { timeout, polling: 50 },
        selector,
        part,
      )
      .catch(async (cause) => {
        const message = await this.text("#message");
        throw new Error(
          `${selector} never reads "${part}", but "${await this.text(selector)}"; the page says "${message}".`,
          { cause },
        );
      });
  }

  /** Clicks a button once it can be. */
  async press(selector: string): Promise<void> {
    await this.page.waitForSelector(`${selector}:enabled`, { timeout: 20_000 });
    await this.page.$eval(selector, (element) => (element as HTMLElement).click());
  }

  /** Runs to the end with these fields. */
  async run(fields: Readonly<Record<string, string>>): Promise<void> {
    await this.set(fields);
    await this.press("#run");
    await this.reads("#status", "Done in", RUN_TIMEOUT);
  }

  /** What a download's button gives. */
  async download(label: string): Promise<{ name: string; bytes: Uint8Array }> {
    const { name, base64 } = await this.page.evaluate(async (wanted) => {
      const buttons = [...document.querySelectorAll<HTMLButtonElement>("#downloads button")];
      // The page's policy does not let it fetch what it has made, so that is taken where it is made.
      let file: Blob | undefined;
      const { createObjectURL } = URL;
      URL.createObjectURL = (made: Blob) => {
        file = made;
        return createObjectURL(made);
      };
      const saved = new Promise<{ name: string; base64: string }>((resolve) => {
        HTMLAnchorElement.prototype.click = async function () {
          const bytes = new Uint8Array((await file?.arrayBuffer()) ?? []);
          resolve({
            name: this.download,
            base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")),
          });
        };
      });
      buttons.find((button) => button.textContent === wanted)?.click();
      return saved;
    }, label);
    return { name, bytes: new Uint8Array(Buffer.from(base64, "base64")) };
  }

  /** Takes the device away from the page, as a driver that crashes does. */
  async unplug(): Promise<void> {
    await this.worker.evaluate(async () => {
      const device = (globalThis as unknown as WatchedScope).devices.at(-1);
      device?.destroy();
      // A busy machine tells of it late, and a run that begins before ends with a message.
      await device?.lost;
    });
  }

  /** How many devices the page has opened so far. */
  async deviceCount(): Promise<number> {
    return this.worker.evaluate(() => (globalThis as unknown as WatchedScope).devices.length);
  }
}

/** Keeps hold of the devices that a worker opens; it opens none before it gets a picture. */
async function watchDevices(worker: WebWorker): Promise<void> {
  await worker.evaluate(() => {
    const devices: GPUDevice[] = [];
    (globalThis as unknown as WatchedScope).devices = devices;
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...options) {
      const device = await requestDevice.apply(this, options);
      devices.push(device);
      return device;
    };
  });
}
