/** Counts the bytes of each bind group that is made while it watches, since WebGPU does not tell afterward. */
export class BoundBytes {
  private readonly bytes = new WeakMap<GPUBindGroup, number>();
  private readonly create: GPUDevice["createBindGroup"];

  constructor(private readonly device: GPUDevice) {
    this.create = device.createBindGroup;
    device.createBindGroup = (descriptor) => {
      const group = this.create.call(device, descriptor);
      const sizes = [...descriptor.entries].map(({ resource }) => (resource as GPUBufferBinding).size ?? 0);
      this.bytes.set(
        group,
        sizes.reduce((sum, size) => sum + size, 0),
      );
      return group;
    };
  }

  /** Bytes of all bound buffers. */
  of(group: GPUBindGroup): number {
    return this.bytes.get(group) ?? 0;
  }

  stop(): void {
    this.device.createBindGroup = this.create;
  }
}
