import { startPage } from "./start-page.js";
import { servePage } from "./worker/serve.js";

// The page and its worker are one file, so that code of both is there once.
if ("document" in globalThis) startPage(import.meta.url);
else servePage();
