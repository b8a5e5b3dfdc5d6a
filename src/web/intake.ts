import { byId } from "./dom.js";

/** What to do with what a person gives to the page. */
export interface IntakeHandlers {
  onFile(file: File): void;
  /** Told in a sentence what was wrong with something that is no file. */
  onRefused(message: string): void;
}

/** Lets pictures (and files of runs) be chosen, dropped anywhere, and pasted. */
export function listenForFiles({ onFile, onRefused }: IntakeHandlers): void {
  const drop = byId("drop", HTMLDivElement);
  const input = byId("file", HTMLInputElement);

  const take = (files: FileList | undefined, where: string): void => {
    const file = files?.[0];
    if (file) onFile(file);
    else onRefused(`${where} holds no picture. Choose, drop or paste a PNG, JPEG, WebP or AVIF file.`);
  };

  byId("choose", HTMLButtonElement).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files?.length) take(input.files, "The choice");
    // So that the same file can be chosen again.
    input.value = "";
  });

  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) drop.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    take(event.dataTransfer?.files, "What was dropped");
  });
  document.addEventListener("paste", (event) => {
    // Text goes into the field that it is meant for.
    const isText = !event.clipboardData?.files.length;
    if (isText && event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    take(event.clipboardData?.files, "The clipboard");
  });
}
