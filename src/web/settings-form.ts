import { byId } from "./shared/dom.js";
import type { Method, Model, RunSettings, Scale } from "./shared/protocol.js";

const WHY_NO_USRNET = "USRNet needs weights/usrnet.safetensors beside this page, and the file is missing.";

/** The value of an empty field. */
const AUTOMATIC = "auto";

/** The controls of a run. */
export class SettingsForm {
  private readonly form = byId("settings", HTMLFormElement);

  /**
   * @param onRun called with the settings when the visitor starts a run.
   * @param onScale called when the visitor chooses another scale.
   * @param onChoice called when the visitor chooses another method or upscaler.
   */
  constructor(onRun: (settings: RunSettings) => void, onScale: () => void, onChoice: () => void) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      onRun(this.read());
    });
    this.form.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      if (target.name === "scale") onScale();
      if (target.name === "method") this.showSteps();
      if (["method", "model"].includes(target.name)) onChoice();
    });
    // After a reload the browser may have kept the earlier choice.
    this.showSteps();
  }

  read(): RunSettings {
    const value = (name: string): string => this.field(name).value;
    return {
      scale: Number(value("scale")) as Scale,
      method: value("method") as Method,
      steps: Number(value("steps")),
      seed: Number(value("seed")),
      model: value("model") as Model,
      sigma: value("sigma") === "" ? AUTOMATIC : Number(value("sigma")),
    };
  }

  /** @returns false if the page does not offer the upscaler; the chosen one then stays. */
  write({ model, ...others }: RunSettings): boolean {
    const isOffered = model === "fast" || !this.usrnet.disabled;
    for (const [name, value] of Object.entries(isOffered ? { model, ...others } : others)) {
      this.field(name).value = value === AUTOMATIC ? "" : String(value);
    }
    this.showSteps();
    return isOffered;
  }

  /** Offers USRNet if its weights are there, and chooses it: its pictures are better. */
  offerUsrNet(isThere: boolean): void {
    this.usrnet.disabled = !isThere;
    this.usrnet.checked = isThere;
    const reason = byId("usrnet-reason", HTMLParagraphElement);
    reason.hidden = isThere;
    reason.textContent = isThere ? "" : WHY_NO_USRNET;
  }

  /** Shows steps and seed for an adaptation only. */
  private showSteps(): void {
    const adaptation = byId("adaptation", HTMLFieldSetElement);
    adaptation.hidden = adaptation.disabled = this.field("method").value !== "meta";
  }

  private field(name: string): RadioNodeList | HTMLInputElement {
    return this.form.elements.namedItem(name) as RadioNodeList | HTMLInputElement;
  }

  private get usrnet(): HTMLInputElement {
    return byId("usrnet", HTMLInputElement);
  }
}
