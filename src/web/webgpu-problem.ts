/** What to do so that this page gets a GPU; undefined if it can have one. */
export async function webGpuProblem(): Promise<string | undefined> {
  if (!navigator.gpu) {
    return isSecureContext
      ? "This browser has no WebGPU, which the page computes with. Use a current Chrome, Edge, Firefox or Safari."
      : "Browsers give WebGPU to secure pages alone. Open this page by https, or from localhost.";
  }
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (adapter) return undefined;
  return "This browser has WebGPU but no GPU to offer. Switch hardware acceleration on in its settings, or update the graphics driver, and load the page again.";
}
