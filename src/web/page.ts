import { progressShare } from "../pipeline/progress-share.js";
import type { PhotoProgress } from "../pipeline/upscale-photo.js";
import { Clock } from "./clock.js";
import { offerDownloads } from "./downloads.js";
import { EngineWorker } from "./engine-worker.js";
import { decodeReplay, type Replay } from "./replay.js";
import { SettingsForm } from "./settings-form.js";
import { byId } from "./shared/dom.js";
import type { DrawingName } from "./shared/drawing-names.js";
import type {
  FromWorker,
  LoadedWeights,
  Method,
  OpenImage,
  RunResult,
  RunSettings,
} from "./shared/protocol.js";
import { countWords, timeWords } from "./shared/words.js";
import { Comparison } from "./views/comparison.js";
import { showDetails } from "./views/details.js";
import { KernelFigure } from "./views/kernel-figure.js";
import { LossChart } from "./views/loss-chart.js";
import { ReadingFigure } from "./views/reading-figure.js";
import { paintThumbnail } from "./views/thumbnail.js";

interface Run {
  readonly settings: RunSettings;
  step: number;
}

/** The page: the open picture, the run, and what the visitor sees of them. */
export class Page {
  private readonly worker: EngineWorker;
  private readonly form = new SettingsForm(
    (settings) => this.run(settings),
    () => this.changeScale(),
    () => this.plan(),
  );
  private readonly clock = new Clock();
  private readonly kernel = new KernelFigure();
  private readonly losses = new LossChart();
  private readonly reading = new ReadingFigure();
  private readonly comparison = new Comparison();
  private readonly runButton = byId("run", HTMLButtonElement);
  private readonly cancelButton = byId("cancel", HTMLButtonElement);
  private readonly status = byId("status", HTMLParagraphElement);
  private readonly message = byId("message", HTMLDivElement);
  private readonly messageText = byId("message-text", HTMLParagraphElement);
  private readonly resultPanel = byId("result", HTMLElement);
  private image?: OpenImage;
  private bitmap?: ImageBitmap;
  private running?: Run;
  /** The file of a replayed run, until it is opened. */
  private expected?: Replay["file"];
  private weights?: LoadedWeights;

  /** @param code address of the file that has the worker's code. */
  constructor(code: string) {
    this.worker = new EngineWorker(code, (message) => this.onMessage(message));
    this.cancelButton.addEventListener("click", () => this.cancel());
    byId("message-close", HTMLButtonElement).addEventListener("click", () => this.clearMessage());
    document.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") this.cancel();
    });
  }

  /** Opens a picture, or sets up the run of a run's file. */
  async openFile(file: File): Promise<void> {
    if (file.type === "application/json" || file.name.endsWith(".json"))
      this.replay(decodeReplay(await file.text()));
    else this.open(() => this.worker.open({ kind: "file", file, name: file.name || "Pasted picture" }));
  }

  /** Opens a drawing. */
  draw(drawing: DrawingName): void {
    const { scale } = this.form.read();
    this.open(() => this.worker.open({ kind: "drawing", drawing, scale }));
  }

  /** Shows a message about a problem. */
  warn(text: string): void {
    this.messageText.textContent = text;
    this.message.hidden = false;
  }

  private clearMessage(): void {
    this.message.hidden = true;
    this.messageText.textContent = "";
  }

  private open(send: () => void): void {
    this.cancel();
    this.clearMessage();
    this.status.textContent = "Opening the picture…";
    send();
  }

  private replay(replay: Replay | string): void {
    if (typeof replay === "string") {
      this.warn(replay);
      return;
    }
    const { settings, drawing, file } = replay;
    this.form.write(settings);
    const isOpen = file !== undefined && this.image?.sha256 === file.sha256;
    this.expected = isOpen ? undefined : file;
    if (drawing) this.draw(drawing);
    this.status.textContent = "The run is set up again.";
    this.plan();
    if (this.hasOtherWeights(replay)) {
      this.warn("That run was made with other weights: this page will give another picture.");
    } else if (file && !isOpen) this.warn(`Now open the picture of that run, ${file.name}.`);
  }

  private hasOtherWeights({ settings, weights }: Replay): boolean {
    if (!this.weights) return false;
    const { init, spectral, small } = this.weights;
    const { scale } = settings;
    const own: Replay["weights"] = { init, spectral: spectral[scale], small: small[scale] };
    return Object.keys(weights).some((name) => weights[name] !== own[name]);
  }

  private changeScale(): void {
    if (this.image?.drawing && !this.running) this.draw(this.image.drawing);
    this.plan();
  }

  private run(settings: RunSettings): void {
    if (!this.image || this.running) return;
    this.running = { settings, step: 0 };
    this.clearMessage();
    this.resultPanel.hidden = true;
    this.comparison.clear();
    this.kernel.clear();
    this.losses.clear(settings.steps);
    this.reading.clear();
    this.showMethod(settings.method);
    this.clock.start();
    this.status.textContent = "Preparing the GPU…";
    this.worker.run(settings);
    this.enable();
    this.cancelButton.focus();
  }

  private cancel(): void {
    if (!this.running) return;
    this.worker.cancel();
    this.end(`Canceled${afterWords(this.running)}.`);
  }

  /** @param next gets the focus if the cancel button, now disabled, had it. */
  private end(status: string, next: HTMLElement = this.runButton): void {
    const hadFocus = document.activeElement === this.cancelButton;
    this.running = undefined;
    this.clock.stop();
    this.status.textContent = status;
    this.enable();
    if (hadFocus) next.focus();
  }

  private onMessage(message: FromWorker): void {
    switch (message.type) {
      case "loaded":
        this.weights = message.weights;
        return;
      case "loadFailed":
        this.warn(message.message);
        return;
      case "opened":
        this.show(message.image, message.bitmap);
        return;
      case "failed":
        if (this.running) this.end(`Stopped${afterWords(this.running)}.`);
        else
          this.status.textContent = this.image ? `${this.image.name} is still open.` : "Nothing is open yet.";
        this.warn(message.message);
        return;
      case "done":
        this.finish(message.result, message.bitmap);
        return;
      case "encoded":
        return;
      default:
        if (this.running) this.follow(message, this.running);
    }
  }

  private follow(
    message: Extract<FromWorker, { type: "progress" | "snapshot" | "estimated" | "planned" }>,
    run: Run,
  ): void {
    switch (message.type) {
      case "progress":
        this.showProgress(message.progress, run);
        return;
      case "snapshot":
        this.kernel.show(message.kernel);
        this.losses.add(message.losses);
        return;
      case "estimated":
        this.kernel.show(message.kernel, message.reading.blur);
        this.reading.show(message.reading, run.settings.scale);
        return;
      case "planned":
        this.status.textContent = `Upscaling in ${countWords(message.tiles, "tile")}…`;
    }
  }

  private showProgress(progress: PhotoProgress, run: Run): void {
    const { method, model } = run.settings;
    const { phase, done, total } = progress;
    const steps = method === "meta" ? run.settings.steps : 0;
    this.clock.progress(progressShare(progress, steps, model));
    if (phase !== "kernel") return;
    if (done === 0) {
      this.status.textContent =
        method === "spectral"
          ? "Reading the spectrum…"
          : `Estimating the kernel in ${countWords(total, "step")}…`;
      return;
    }
    run.step = done;
    this.clock.note(`step ${done} of ${total}`);
  }

  private show(image: OpenImage, bitmap: ImageBitmap): void {
    const isMeant = !this.expected || this.expected.sha256 === image.sha256;
    if (!isMeant) this.warn(`${image.name} is not the picture of that run, ${this.expected?.name}.`);
    else if (image.notes.length > 0) this.warn(image.notes.join(" "));
    this.expected = undefined;
    this.image = image;
    this.bitmap?.close();
    this.bitmap = bitmap;
    this.resultPanel.hidden = true;
    this.comparison.clear();
    this.kernel.clear();
    this.kernel.setTruth(image.truth);
    this.losses.clear(this.form.read().steps);
    this.reading.clear();
    this.clock.progress(0);
    paintThumbnail(image, bitmap);
    this.status.textContent = `${image.name} is open.`;
    this.plan();
  }

  /** Shows what a run would do. */
  private plan(): void {
    const { image } = this;
    const { scale, method, model } = this.form.read();
    this.enable();
    if (this.resultPanel.hidden && !this.running) this.showMethod(method);
    if (!image) return;
    const tiles = Number(image.tiles[model][scale]);
    byId("plan", HTMLParagraphElement).textContent =
      this.obstacle() ??
      `${image.width}×${image.height} becomes ${image.width * scale}×${image.height * scale} pixels, made in ${countWords(tiles, "tile")}.`;
  }

  /** Why there can be no run; empty while nothing is open. */
  private obstacle(): string | undefined {
    const { scale, model } = this.form.read();
    if (!this.image) return "";
    const tiles = this.image.tiles[model][scale];
    return typeof tiles === "string" ? tiles : undefined;
  }

  /** Shows the figures of a method. */
  private showMethod(method: Method): void {
    byId("figures", HTMLDivElement).dataset.method = method;
  }

  private finish(result: RunResult, bitmap: ImageBitmap): void {
    const { image, bitmap: before } = this;
    if (!image || !before) return;
    const { prepare, estimate, upscale } = result.timings;
    this.clock.progress(1);
    this.resultPanel.hidden = false;
    this.comparison.show({ before, after: bitmap, scale: result.settings.scale, offset: result.offset });
    showDetails(image, result);
    offerDownloads(
      image,
      result,
      () => this.worker.encode(),
      (text) => this.warn(text),
    );
    this.end(`Done in ${timeWords(prepare + estimate + upscale)}.`, byId("result-title", HTMLHeadingElement));
  }

  private enable(): void {
    const { running } = this;
    this.runButton.disabled = this.obstacle() !== undefined || running !== undefined;
    this.cancelButton.disabled = running === undefined;
  }
}

/** How far a run came before it ended. */
function afterWords({ settings, step }: Run): string {
  return settings.method === "meta" ? ` after ${countWords(step, "step")}` : "";
}
