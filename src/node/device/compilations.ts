let pending = 0;

/** Whether a device that this process opened compiles a shader. A driver may crash if the process ends meanwhile. */
export function isCompiling(): boolean {
  return pending > 0;
}

/** Counts a device's compilations while they run. */
export function countCompilations(device: GPUDevice): void {
  const create = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    pending++;
    try {
      return await create(descriptor);
    } finally {
      pending--;
    }
  };
}
