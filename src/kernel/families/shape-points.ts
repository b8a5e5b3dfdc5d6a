import { mean } from "../../image/metrics/mean.js";
import type { BlurShape } from "./blur-shape.js";

/** A place that light reaches, right of and below where it should have gone. */
export type Point = readonly [right: number, down: number];

/** Points along a pixel's side where shapes are sampled. */
const FINE = 8;

/** Points, equally bright and with their mean at (0, 0), that make up a shape without the lens's Gaussian. */
export function shapePoints(shape: Exclude<BlurShape, { kind: "gauss" }>): Point[] {
  switch (shape.kind) {
    case "disk":
      return centered(pointsWithin(shape.radius, (right, down) => Math.hypot(right, down) <= shape.radius));
    case "polygon":
      return centered(pointsWithin(shape.radius, (right, down) => isInPolygon(right, down, shape)));
    case "motion":
      return centered(pointsAlong(shape));
  }
}

function pointsWithin(radius: number, isInside: (right: number, down: number) => boolean): Point[] {
  const count = Math.ceil(radius * FINE);
  const points: Point[] = [];
  for (let row = -count; row <= count; row++) {
    for (let column = -count; column <= count; column++) {
      if (isInside(column / FINE, row / FINE)) points.push([column / FINE, row / FINE]);
    }
  }
  return points;
}

function isInPolygon(
  right: number,
  down: number,
  { radius, corners, angle }: Extract<BlurShape, { kind: "polygon" }>,
): boolean {
  const sector = (2 * Math.PI) / corners;
  const turned = Math.atan2(down, right) - angle;
  const fromSide = turned - sector * Math.floor(turned / sector) - sector / 2;
  return Math.hypot(right, down) * Math.cos(fromSide) <= radius * Math.cos(sector / 2);
}

function pointsAlong({ length, angle, bend }: Extract<BlurShape, { kind: "motion" }>): Point[] {
  const count = Math.max(1, Math.ceil(length * FINE));
  const step = length / count;
  let [right, down] = [0, 0];
  return Array.from({ length: count }, (_, i): Point => {
    const direction = angle + bend * ((i + 0.5) / count - 0.5);
    const point: Point = [right + (step / 2) * Math.cos(direction), down + (step / 2) * Math.sin(direction)];
    right += step * Math.cos(direction);
    down += step * Math.sin(direction);
    return point;
  });
}

function centered(points: readonly Point[]): Point[] {
  const right = mean(points.map(([x]) => x));
  const down = mean(points.map(([, y]) => y));
  return points.map((point) => [point[0] - right, point[1] - down]);
}
