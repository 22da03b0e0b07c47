// Weights as their file has them. What is trained is float32; what is only read may stay in its sixteen-bit type, half
// the memory, and is widened inside a graph where a product reads it (Graph.widened), to the very numbers that widening
// it beforehand would give. Matrices alone are kept so: norms and biases are small.

import { createHash } from 'node:crypto';
import type { TensorData } from '../tensor/graph.ts';
import type { HalfType } from '../tensor/node.ts';
import { type Shape, size } from '../tensor/shape.ts';
import { decodeBfloat16, decodeFloat16 } from './float16.ts';
import type { Parameter, Weights } from './weights.ts';

/** A parameter that is only read; its bits, row-major. */
export interface HalfParameter {
  readonly shape: Shape;
  readonly half: HalfType;
  readonly data: Uint16Array;
}

export type StoredParameter = Parameter | HalfParameter;
export type StoredWeights = ReadonlyMap<string, StoredParameter>;

export function isHalf(parameter: StoredParameter): parameter is HalfParameter {
  return 'half' in parameter;
}

export type ElementTypes = ReadonlyMap<string, HalfType>;

/** The types of those that are not float32. */
export function elementTypes(weights: StoredWeights): ElementTypes {
  return new Map([...weights].flatMap(([name, parameter]) => (isHalf(parameter) ? [[name, parameter.half]] : [])));
}

/** Numbers that are widened at once. */
const PIECE = 1 << 20;

/** The float32 values, piece by piece; of a sixteen-bit parameter each piece is written over by the next. */
export function* floatPieces(parameter: StoredParameter): Generator<Float32Array> {
  if (!isHalf(parameter)) {
    yield parameter.data;
    return;
  }
  const decode = parameter.half === 'bfloat16' ? decodeBfloat16 : decodeFloat16;
  const floats = new Float32Array(Math.min(PIECE, parameter.data.length));
  for (let start = 0; start < parameter.data.length; start += floats.length) {
    const halves = parameter.data.subarray(start, start + floats.length);
    const piece = floats.subarray(0, halves.length);
    decode(halves, piece);
    yield piece;
  }
}

/** The float32 values; not a copy where they are float32 already. */
export function floats(parameter: StoredParameter): Float32Array {
  if (!isHalf(parameter)) return parameter.data;
  const all = new Float32Array(size(parameter.shape));
  let done = 0;
  for (const piece of floatPieces(parameter)) {
    all.set(piece, done);
    done += piece.length;
  }
  return all;
}

/** What updates can change: halves widened, the others as they are and not copied. */
export function trainable(weights: StoredWeights): Weights {
  const widened = (parameter: StoredParameter): Parameter =>
    isHalf(parameter) ? { shape: parameter.shape, data: floats(parameter) } : parameter;
  return new Map([...weights].map(([name, parameter]) => [name, widened(parameter)]));
}

/** Weights that training others leaves alone, the reference policy: copies of what both would share. */
export function apartFrom(others: StoredWeights, weights: StoredWeights): StoredWeights {
  return new Map(
    [...weights].map(([name, parameter]) => {
      const { shape, data } = parameter;
      const isShared = !isHalf(parameter) && others.get(name)?.data === data;
      return [name, isShared ? { shape, data: parameter.data.slice() } : parameter];
    }),
  );
}

/** A copy that further training leaves alone. */
export function copyWeights(weights: Weights): Weights {
  return new Map([...weights].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
}

/** Every parameter by name, where it is now: the inputs of a program. */
export function weightFeeds(weights: StoredWeights): Record<string, TensorData> {
  return Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
}

/** SHA-256 over names, shapes and float32 values: the same however the weights are kept. */
export function hashWeights(weights: StoredWeights): string {
  const hash = createHash('sha256');
  for (const [name, parameter] of weights) {
    hash.update(`${name} ${parameter.shape.join(',')}\n`);
    for (const piece of floatPieces(parameter)) {
      hash.update(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    }
  }
  return hash.digest('hex');
}

export function allFinite(parameter: StoredParameter): boolean {
  if (isHalf(parameter)) {
    // an exponent of ones: infinite or not a number
    const exponent = parameter.half === 'bfloat16' ? 0x7f80 : 0x7c00;
    return parameter.data.every((bits) => (bits & exponent) !== exponent);
  }
  const { data } = parameter;
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}
