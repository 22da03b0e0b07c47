// Shapes of dense row-major tensors: sizes, strides, axes and NumPy broadcasting.

export type Shape = readonly number[];

/** Number of elements; a scalar `[]` has one. */
export function size(shape: Shape): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

/** The same, exact for sizes above 2^53. */
export function exactSize(shape: Shape): bigint {
  return shape.reduce((product, dimension) => product * BigInt(dimension), 1n);
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

/** The dimension at an axis; negative axes count from the end. */
export function dimension(shape: Shape, axis: number): number {
  const value = shape[axis < 0 ? axis + shape.length : axis];
  if (value === undefined) throw new RangeError(`axis ${axis} is outside shape [${shape.join(', ')}]`);
  return value;
}

/** Turns -1 into the last axis and so on. */
export function positiveAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  if (positive < 0 || positive >= rank) throw new RangeError(`axis ${axis} is outside rank ${rank}`);
  return positive;
}

/** Row-major strides, in elements. */
export function strides(shape: Shape): number[] {
  const result = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    result[axis] = (result[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  }
  return result;
}

/** NumPy broadcasting: shapes aligned at the right, a dimension of 1 stretches. */
export function broadcast(a: Shape, b: Shape): number[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length] ?? 1;
    const y = b[axis - rank + b.length] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new RangeError(`shapes [${a.join(', ')}] and [${b.join(', ')}] do not broadcast`);
    }
    return x === 1 ? y : x;
  });
}

/** The axes of `to` along which a tensor of shape `from` was stretched or added. */
export function stretchedAxes(from: Shape, to: Shape): number[] {
  const lead = to.length - from.length;
  return to.flatMap((dimension, axis) => (axis < lead || (from[axis - lead] === 1 && dimension !== 1) ? [axis] : []));
}
