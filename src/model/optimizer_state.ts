// What AdamW remembers between updates: the step and two moments for every parameter. Saved with a checkpoint and
// restored bit for bit, so that a resumed run continues with the same numbers.

import { MerfError } from '../spec/error.ts';
import { sameShape } from '../tensor/shape.ts';
import type { Parameter, Weights } from './weights.ts';

export interface OptimizerState {
  /** Updates made so far. */
  readonly step: number;
  /** `first:<parameter>` and `second:<parameter>`. */
  readonly moments: ReadonlyMap<string, Parameter>;
}

export type Moments = Map<string, { readonly first: Float32Array; readonly second: Float32Array }>;

export function zeroMoments(weights: Weights): Moments {
  const zeros = ({ data }: Parameter) => new Float32Array(data.length);
  return new Map([...weights].map(([name, weight]) => [name, { first: zeros(weight), second: zeros(weight) }]));
}

/** A copy of the moments, ready for a safetensors file. */
export function exportMoments(weights: Weights, moments: Moments): Map<string, Parameter> {
  const result = new Map<string, Parameter>();
  for (const [name, { first, second }] of moments) {
    const shape = weights.get(name)?.shape ?? [first.length];
    result.set(`first:${name}`, { shape, data: first.slice() });
    result.set(`second:${name}`, { shape, data: second.slice() });
  }
  return result;
}

/** Puts saved moments in place; refuses those of another model. */
export function importMoments(weights: Weights, moments: Moments, saved: ReadonlyMap<string, Parameter>): void {
  for (const [name, { first, second }] of moments) {
    for (const [key, target] of [
      [`first:${name}`, first],
      [`second:${name}`, second],
    ] as const) {
      const source = saved.get(key);
      if (source === undefined || !sameShape(source.shape, weights.get(name)?.shape ?? [])) {
        throw new MerfError(
          `The optimiser state has no "${key}" of this model's shape.`,
          'Resume from a checkpoint of the same model, or start a new run.',
        );
      }
      target.set(source.data);
    }
  }
}
