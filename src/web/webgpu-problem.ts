/** What the visitor can do to give this page a GPU; undefined if it can have one. */
export async function webGpuProblem(): Promise<string | undefined> {
  if (!navigator.gpu) {
    return isSecureContext
      ? "This browser has no WebGPU, which this page needs. Use a current Chrome, Edge, Firefox or Safari."
      : "Browsers allow WebGPU on secure pages only. Open this page by https, or from localhost.";
  }
  const adapter = await navigator.gpu.requestAdapter().catch(() => null);
  if (adapter) return undefined;
  return "This browser has WebGPU but no GPU to offer. Switch on hardware acceleration, or update the graphics driver.";
}
