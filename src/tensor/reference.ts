// The tests' oracle: runs a graph in plain float64 JavaScript, one obvious loop per operation. Slow.
// Values are float64 (also for int32 and bool), so finite differences of a loss are exact to about 1e-9.

import type { BinaryOp, Graph, Node, Operation, UnaryOp } from './graph.ts';
import { columnHashes, hashAt, threshold } from './hash.ts';
import { dimension, type Shape, size, strides } from './shape.ts';

/** Every output of the graph by name. Feeds may be any number arrays (float64 keeps all digits). */
export function evaluate(
  graph: Graph,
  feeds: Readonly<Record<string, ArrayLike<number>>>,
): Record<string, Float64Array> {
  const values: Float64Array[] = [];
  for (const node of graph.nodes) {
    values.push(
      compute(
        node,
        node.inputs.map((input) => values[input.id] ?? new Float64Array()),
        feeds,
      ),
    );
  }
  return Object.fromEntries([...graph.outputs].map(([name, node]) => [name, values[node.id] ?? new Float64Array()]));
}

const UNARY: Record<UnaryOp, (x: number) => number> = {
  neg: (x) => -x,
  exp: Math.exp,
  log: Math.log,
  sqrt: Math.sqrt,
  reciprocal: (x) => 1 / x,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  not: (x) => 1 - x,
  stopGradient: (x) => x,
};

const BINARY: Record<BinaryOp, (x: number, y: number) => number> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y) => x * y,
  div: (x, y) => x / y,
  min: Math.min,
  max: Math.max,
  equal: (x, y) => Number(x === y),
  less: (x, y) => Number(x < y),
  and: (x, y) => x * y,
  or: (x, y) => Math.max(x, y),
};

type Feeds = Readonly<Record<string, ArrayLike<number>>>;

function compute(node: Node, inputs: readonly Float64Array[], feeds: Feeds): Float64Array {
  const { operation, shape } = node;
  const shapes = node.inputs.map((input) => input.shape);
  /** Element of input i at coordinates of the output, broadcast. */
  const at = (i: number, coordinates: readonly number[]) => inputs[i]?.[offset(shapes[i] ?? [], coordinates)] ?? NaN;
  const fill = (element: (coordinates: readonly number[], index: number) => number) => tabulate(shape, element);
  switch (operation.op) {
    case 'input':
      return Float64Array.from(feeds[operation.name] ?? []);
    case 'constant':
      return Float64Array.from(operation.data);
    case 'where':
      return fill((c) => (at(0, c) !== 0 ? at(1, c) : at(2, c)));
    case 'clamp':
      return fill((c) => Math.min(Math.max(at(0, c), operation.low), operation.high));
    case 'cast':
      if (node.dtype === 'bool') return fill((c) => Number(at(0, c) !== 0));
      return node.dtype === 'int32' ? fill((c) => Math.trunc(at(0, c))) : fill((c) => at(0, c));
    case 'after':
    case 'recomputed':
    case 'reshape':
      return Float64Array.from(inputs[0] ?? []);
    case 'expand':
      return fill((c) => at(0, c));
    case 'transpose':
      return fill((c) =>
        at(
          0,
          operation.permutation.map((_, axis) => c[operation.permutation.indexOf(axis)] ?? 0),
        ),
      );
    case 'slice':
      return fill((c) => at(0, shifted(c, operation.axis, operation.start)));
    case 'pad':
      return fill((c) => {
        const source = (c[operation.axis] ?? 0) - operation.before;
        const inside = source >= 0 && source < dimension(shapes[0] ?? [], operation.axis);
        return inside ? at(0, shifted(c, operation.axis, -operation.before)) : 0;
      });
    case 'concat':
      return fill((c) => {
        let start = 0;
        for (const [i, part] of shapes.entries()) {
          const length = dimension(part, operation.axis);
          if ((c[operation.axis] ?? 0) < start + length) return at(i, shifted(c, operation.axis, -start));
          start += length;
        }
        return NaN;
      });
    case 'matmul': {
      const inner = dimension(shapes[0] ?? [], operation.transposeA ? -2 : -1);
      return fill((c) => {
        const [batch, row, column] = [c.slice(0, -2), c.at(-2) ?? 0, c.at(-1) ?? 0];
        let sum = 0;
        for (let k = 0; k < inner; k++) {
          const left = at(0, [...batch, ...(operation.transposeA ? [k, row] : [row, k])]);
          sum += left * at(1, [...batch, ...(operation.transposeB ? [column, k] : [k, column])]);
        }
        return sum * operation.scale;
      });
    }
    case 'keepMask': {
      const columns = columnHashes(dimension(shape, 1), operation.salt);
      const seed = inputs[1]?.[0] ?? 0;
      return fill(([row = 0, column = 0]) => {
        const kept = hashAt(row, columns[column] ?? 0, seed) >= threshold(operation.rate);
        return kept ? 1 / (1 - operation.rate) : 0;
      });
    }
    case 'rotary':
      return fill((c) => rotate(operation, shape, c, at, inputs));
    case 'gatherRows':
      return fill((c) => at(0, [inputs[1]?.[offset(shapes[1] ?? [], c.slice(0, -1))] ?? 0, c.at(-1) ?? 0]));
    case 'takeAlong':
      return fill((c) => at(0, c.with(-1, at(1, c))));
    case 'scatterRows': {
      const result = new Float64Array(size(shape));
      const width = dimension(shape, 1);
      inputs[1]?.forEach((row, i) => {
        for (let j = 0; j < width; j++) increase(result, row * width + j, inputs[0]?.[i * width + j]);
      });
      return result;
    }
    case 'rmsNorm': {
      const weight = inputs[1] ?? new Float64Array();
      return rows(inputs[0] ?? new Float64Array(), dimension(shape, -1), (row) => {
        const square = row.reduce((sum, x) => sum + x * x, 0) / row.length;
        return row.map((x, i) => (x / Math.sqrt(square + operation.epsilon)) * (weight[i] ?? 0));
      });
    }
    case 'putAlong': {
      const result = new Float64Array(size(shape));
      const [from, to] = [dimension(shapes[0] ?? [], -1), dimension(shape, -1)];
      inputs[1]?.forEach((column, i) => {
        increase(result, Math.floor(i / from) * to + column, inputs[0]?.[i]);
      });
      return result;
    }
    case 'reduce':
      return reduce(operation, node, inputs[0] ?? new Float64Array());
    case 'count':
      return Float64Array.of(operation.axes.reduce((product, axis) => product * dimension(shapes[0] ?? [], axis), 1));
    case 'cumulativeSum':
      return rows(inputs[0] ?? new Float64Array(), dimension(shape, -1), (row) => {
        let sum = 0;
        return row.map((x) => (sum += x));
      });
    case 'softmax':
    case 'logSoftmax':
      return rows(inputs[0] ?? new Float64Array(), dimension(shape, -1), (row) => {
        const top = Math.max(...row);
        const log = Math.log(row.reduce((sum, x) => sum + Math.exp(x - top), 0)) + top;
        return row.map((x) => (operation.op === 'softmax' ? Math.exp(x - log) : x - log));
      });
    case 'neg':
    case 'exp':
    case 'log':
    case 'sqrt':
    case 'reciprocal':
    case 'sigmoid':
    case 'tanh':
    case 'not':
    case 'stopGradient': {
      const f = UNARY[operation.op];
      return fill((c) => f(at(0, c)));
    }
    default: {
      const f = BINARY[operation.op];
      return fill((c) => f(at(0, c), at(1, c)));
    }
  }
}

function rotate(
  operation: Operation & { op: 'rotary' },
  shape: Shape,
  c: readonly number[],
  at: (input: number, coordinates: readonly number[]) => number,
  inputs: readonly Float64Array[],
): number {
  const half = dimension(shape, -1) / 2;
  const j = c[3] ?? 0;
  const position = at(1, c.slice(0, 2));
  const cosine = inputs[2]?.[position * half + (j % half)] ?? 0;
  const sine = (inputs[3]?.[position * half + (j % half)] ?? 0) * (operation.inverse ? -1 : 1);
  const other = at(0, c.with(3, j < half ? j + half : j - half));
  return at(0, c) * cosine + (j < half ? -other : other) * sine;
}

function reduce(operation: Operation & { op: 'reduce' }, node: Node, x: Float64Array): Float64Array {
  const from = node.inputs[0]?.shape ?? [];
  const kept = from.map((length, axis) => (operation.axes.includes(axis) ? 1 : length));
  const result = new Float64Array(size(kept)).fill(operation.how === 'max' ? -Infinity : 0);
  const share = operation.how === 'mean' ? size(kept) / size(from) : 1;
  tabulate(from, (c, i) => {
    const to = offset(kept, c);
    const value = x[i] ?? 0;
    if (operation.how === 'max') result[to] = Math.max(result[to] ?? value, value);
    else increase(result, to, value * share);
    return 0;
  });
  return result;
}

function tabulate(shape: Shape, element: (coordinates: readonly number[], index: number) => number): Float64Array {
  const steps = strides(shape);
  const result = new Float64Array(size(shape));
  for (let i = 0; i < result.length; i++) {
    result[i] = element(
      shape.map((length, axis) => Math.floor(i / (steps[axis] ?? 1)) % length),
      i,
    );
  }
  return result;
}

/** Offset of coordinates (aligned at the right, leading ones ignored) in a tensor whose dimensions of 1 stretch. */
function offset(shape: Shape, coordinates: readonly number[]): number {
  const steps = strides(shape);
  const lead = coordinates.length - shape.length;
  return shape.reduce(
    (sum, length, axis) => sum + (length === 1 ? 0 : (coordinates[axis + lead] ?? 0) * (steps[axis] ?? 0)),
    0,
  );
}

function shifted(coordinates: readonly number[], axis: number, by: number): readonly number[] {
  return coordinates.with(axis, (coordinates[axis] ?? 0) + by);
}

function increase(array: Float64Array, index: number, by = 0): void {
  array[index] = (array[index] ?? 0) + by;
}

function rows(x: Float64Array, width: number, f: (row: Float64Array) => Float64Array): Float64Array {
  const result = new Float64Array(x.length);
  for (let i = 0; i < x.length; i += width) result.set(f(x.subarray(i, i + width)), i);
  return result;
}
