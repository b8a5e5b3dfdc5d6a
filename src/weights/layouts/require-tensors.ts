import { LayoutError } from "../errors.js";
import { nameText, shapeText, type WeightFile } from "../weight-file.js";

/** The tensors that a network must have: shape by name. Convolutions are `[out, in, height, width]`. */
export type NetworkLayout = ReadonlyMap<string, readonly number[]>;

/**
 * Checks that a file holds the tensors of a network; it may hold others too.
 * @param network the network's name for the message.
 * @throws {LayoutError} naming the first tensor that is missing or is of another shape.
 */
export function requireTensors(file: WeightFile, layout: NetworkLayout, network: string): void {
  for (const [name, shape] of layout) {
    const tensor = file.tensors.get(name);
    if (!tensor) {
      throw new LayoutError(
        `The weights file lacks tensor ${nameText(name)} of ${network}; it is damaged or for another network, so give the weights of ${network}.`,
      );
    }
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw new LayoutError(
        `Tensor ${nameText(name)} has the shape ${shapeText(tensor.shape)} and ${network} needs ${shapeText(shape)}; give the weights of ${network}.`,
      );
    }
  }
}

/**
 * Checks that a file holds exactly the tensors of a network.
 * @param network the network's name for the message.
 * @throws {LayoutError} naming the first tensor that is missing, is of another shape, or does not belong.
 */
export function checkLayout(file: WeightFile, layout: NetworkLayout, network: string): void {
  requireTensors(file, layout, network);
  const stranger = [...file.tensors.keys()].find((name) => !layout.has(name));
  if (stranger !== undefined) {
    throw new LayoutError(
      `The weights file has tensor ${nameText(stranger)}, which ${network} does not; it is for another network, so give the weights of ${network}.`,
    );
  }
}
