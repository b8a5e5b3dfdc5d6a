import { byId } from "./shared/dom.js";
import type { Method, Model, RunSettings, Scale } from "./shared/protocol.js";

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

  write(settings: RunSettings): void {
    for (const [name, value] of Object.entries(settings)) {
      this.field(name).value = value === AUTOMATIC ? "" : String(value);
    }
    this.showSteps();
  }

  /** Shows steps and seed for an adaptation only. */
  private showSteps(): void {
    const adaptation = byId("adaptation", HTMLFieldSetElement);
    adaptation.hidden = adaptation.disabled = this.field("method").value !== "meta";
  }

  private field(name: string): RadioNodeList | HTMLInputElement {
    return this.form.elements.namedItem(name) as RadioNodeList | HTMLInputElement;
  }
}
