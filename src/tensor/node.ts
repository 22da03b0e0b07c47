// A node of a computation graph: plain data. The operations are few, so that every executor and the differentiation
// can treat each of them; what a model needs beyond is composed in graph.ts.

import type { Shape } from './shape.ts';

/** Of the sixteen-bit types there are only inputs, to be widened (Graph.widened): nothing is computed in them. */
export type HalfType = 'float16' | 'bfloat16';
export type DType = 'float32' | 'int32' | 'bool' | HalfType;

export function isHalfType(dtype: DType | undefined): dtype is HalfType {
  return dtype === 'float16' || dtype === 'bfloat16';
}

/** Elements in row-major order; `bool` is one byte per element, sixteen-bit floats are their bits. */
export type TensorData = Float32Array | Int32Array | Uint8Array | Uint16Array;

export type UnaryOp = 'neg' | 'exp' | 'log' | 'sqrt' | 'reciprocal' | 'sigmoid' | 'tanh' | 'not' | 'stopGradient';
export type BinaryOp = 'add' | 'sub' | 'mul' | 'div' | 'min' | 'max' | 'equal' | 'less' | 'and' | 'or';
export type ReduceOp = 'sum' | 'mean' | 'max';

export type Operation =
  | { readonly op: 'input'; readonly name: string }
  | { readonly op: 'constant'; readonly data: TensorData }
  | { readonly op: UnaryOp }
  | { readonly op: BinaryOp }
  | { readonly op: 'clamp'; readonly low: number; readonly high: number }
  | { readonly op: 'where' }
  | { readonly op: 'cast' }
  | { readonly op: 'matmul'; readonly transposeA: boolean; readonly transposeB: boolean; readonly scale: number }
  | { readonly op: 'transpose'; readonly permutation: readonly number[] }
  | { readonly op: 'reshape' }
  | { readonly op: 'expand' }
  | { readonly op: 'concat'; readonly axis: number }
  | { readonly op: 'slice'; readonly axis: number; readonly start: number; readonly end: number }
  | { readonly op: 'pad'; readonly axis: number; readonly before: number; readonly after: number }
  | { readonly op: 'gatherRows' | 'scatterRows'; readonly distinct: boolean }
  | { readonly op: 'takeAlong' }
  | { readonly op: 'putAlong' }
  | { readonly op: 'reduce'; readonly how: ReduceOp; readonly axes: readonly number[]; readonly keep: boolean }
  | { readonly op: 'count'; readonly axes: readonly number[] }
  | { readonly op: 'rmsNorm'; readonly epsilon: number }
  | { readonly op: 'softmax' }
  | { readonly op: 'cumulativeSum' }
  | { readonly op: 'logSoftmax' }
  | { readonly op: 'rotary'; readonly inverse: boolean }
  | { readonly op: 'keepMask'; readonly rate: number; readonly salt: number }
  /** The first input as it is, not before the others are there. */
  | { readonly op: 'after' }
  /** A result of `Graph.recomputed`: its input as it is. */
  | { readonly op: 'recomputed'; readonly region: number };

export interface Node {
  /** Position in the graph: an input's id is always smaller than its user's. */
  readonly id: number;
  readonly operation: Operation;
  readonly inputs: readonly Node[];
  readonly shape: Shape;
  readonly dtype: DType;
}

/** Two nodes with one key compute the same value; long constants are not compared. */
export function keyOf(operation: Operation, inputs: readonly Node[], shape: Shape, dtype: DType): string | undefined {
  const where = `${inputs.map((node) => node.id).join(',')}:${shape.join(',')}:${dtype}`;
  if (operation.op !== 'constant') return `${JSON.stringify(operation)}${where}`;
  return operation.data.length <= 16 ? `constant ${operation.data.join(',')}${where}` : undefined;
}

export function dtypeOf(data: TensorData): DType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Uint16Array) throw new TypeError('sixteen-bit numbers are inputs, not constants');
  return data instanceof Int32Array ? 'int32' : 'bool';
}
