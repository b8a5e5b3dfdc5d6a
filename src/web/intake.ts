import { byId } from "./shared/dom.js";

/** Handlers of what a visitor gives to the page. */
export interface IntakeHandlers {
  onFile(file: File): void;
  /** Gets a sentence about something that is not a file. */
  onRefused(message: string): void;
}

/** Lets a visitor choose pictures and runs' files, drop them anywhere, and paste them. */
export function listenForFiles({ onFile, onRefused }: IntakeHandlers): void {
  const drop = byId("drop", HTMLDivElement);
  const input = byId("file", HTMLInputElement);

  const openFirst = (files: FileList | undefined, where: string): void => {
    const file = files?.[0];
    if (file) onFile(file);
    if (files && files.length > 1) onRefused(`This page takes one file at a time, and opens ${file?.name}.`);
    if (!file) onRefused(`${where} holds no picture. Choose, drop or paste a PNG, JPEG, WebP or AVIF file.`);
  };

  byId("choose", HTMLButtonElement).addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    if (input.files?.length) openFirst(input.files, "The choice");
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
    openFirst(event.dataTransfer?.files, "What was dropped");
  });
  document.addEventListener("paste", (event) => {
    // Pasted text belongs to the field.
    const isText = !event.clipboardData?.files.length;
    if (isText && event.target instanceof HTMLInputElement) return;
    event.preventDefault();
    openFirst(event.clipboardData?.files, "The clipboard");
  });
}
