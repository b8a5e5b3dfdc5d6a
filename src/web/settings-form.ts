import { byId } from "./dom.js";
import type { Model, RunSettings, Scale } from "./protocol.js";

const WHY_NO_USRNET = "USRNet needs weights/usrnet.safetensors beside this page, and there is none.";

/** The controls of a run. */
export class SettingsForm {
  private readonly form = byId("settings", HTMLFormElement);

  /**
   * @param onRun called with the settings when a run is asked for.
   * @param onScale called when another scale is chosen.
   * @param onModel called when another upscaler is chosen.
   */
  constructor(onRun: (settings: RunSettings) => void, onScale: () => void, onModel: () => void) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      onRun(this.read());
    });
    this.form.addEventListener("change", ({ target }) => {
      if (!(target instanceof HTMLInputElement)) return;
      if (target.name === "scale") onScale();
      if (target.name === "model") onModel();
    });
  }

  read(): RunSettings {
    const fields = new FormData(this.form);
    const number = (name: string): number => Number(fields.get(name));
    return {
      scale: number("scale") as Scale,
      steps: number("steps"),
      seed: number("seed"),
      model: fields.get("model") as Model,
      sigma: number("sigma"),
    };
  }

  /** @returns false if the upscaler is not on offer, so that the one chosen before stays. */
  write({ model, ...others }: RunSettings): boolean {
    const isOffered = model === "fast" || !this.usrnet.disabled;
    for (const [name, value] of Object.entries(isOffered ? { model, ...others } : others)) {
      const field = this.form.elements.namedItem(name);
      if (field instanceof RadioNodeList || field instanceof HTMLInputElement) field.value = String(value);
    }
    return isOffered;
  }

  /** Says whether there are weights of USRNet, and chooses it if there are: its pictures are better. */
  offerUsrNet(isThere: boolean): void {
    this.usrnet.disabled = !isThere;
    this.usrnet.checked = isThere;
    const reason = byId("usrnet-reason", HTMLParagraphElement);
    reason.hidden = isThere;
    reason.textContent = isThere ? "" : WHY_NO_USRNET;
  }

  private get usrnet(): HTMLInputElement {
    return byId("usrnet", HTMLInputElement);
  }
}
