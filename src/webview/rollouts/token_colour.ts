// How strongly a token is coloured: by how unlikely it was when it was sampled (-log p in nats), or by how undecided
// the model was (entropy in nats). Both saturate, so that one odd token does not hide the others. Pure.

import type { SampleTokens } from '../../run/view.ts';

export type TokenMeasure = 'logProbability' | 'entropy';

/** 0 (sure) to 1; -log p is full at 4.6 nats (p = 1%), entropy at 2.3 nats (ten equal choices). */
export function intensity(tokens: SampleTokens, index: number, measure: TokenMeasure): number {
  const value = measure === 'entropy' ? tokens.entropies[index] : -(tokens.logProbabilities[index] ?? 0);
  const full = measure === 'entropy' ? 2.3 : 4.6;
  return Math.min(1, Math.max(0, (value ?? 0) / full));
}

/** `p = 12.3%, log p = −2.10, entropy 0.45` for the tip over a token. */
export function tokenNote(tokens: SampleTokens, index: number): string {
  const log = tokens.logProbabilities[index];
  const entropy = tokens.entropies[index];
  if (log === undefined || entropy === undefined) return '';
  return `p = ${(Math.exp(log) * 100).toFixed(1)}%, log p = ${log.toFixed(2)}, entropy ${entropy.toFixed(2)}`;
}
