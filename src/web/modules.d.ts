declare module "*?worker&inline" {
  /** A worker whose code is part of the page, so that the page's content security policy holds in it too. */
  const InlineWorker: new () => Worker;
  export default InlineWorker;
}
