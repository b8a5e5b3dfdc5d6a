/** Everything for a page, in one file for `<script type="module">`; its worker is a second one. */
export * from "./index.js";
export * from "./worker.js";
