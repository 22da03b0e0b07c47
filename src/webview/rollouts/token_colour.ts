// How strongly a token is coloured, from -1 to 1. Log-probability: how unlikely it was when it was sampled (-log p, in
// nats); entropy: how undecided the model was; advantage: how strongly the update pushes the token, A · (1 - p), which is
// the policy gradient's factor at its logit; lift: its log-probability with the motivation minus that without. All
// saturate, so that one odd token does not hide the others. Pure.

import type { SampleTokens } from '../../run/view.ts';

export type TokenMeasure = 'logProbability' | 'entropy' | 'advantage' | 'lift';

/** What a measure needs beside the tokens. */
export interface Measured {
  measure: TokenMeasure;
  advantage: number | null;
  lift: readonly number[] | null;
}

/** The value that has the full colour: p = 1%; ten equal choices; an advantage of 2 at p = 0; a factor of e. */
const FULL = { logProbability: 4.6, entropy: 2.3, advantage: 2, lift: 1 };

export function intensity(tokens: SampleTokens, index: number, { measure, advantage, lift }: Measured): number {
  const log = tokens.logProbabilities[index] ?? 0;
  const value = {
    logProbability: -log,
    entropy: tokens.entropies[index] ?? 0,
    advantage: (advantage ?? 0) * (1 - Math.exp(log)),
    lift: lift?.[index] ?? 0,
  }[measure];
  return Math.min(1, Math.max(isSigned(measure) ? -1 : 0, value / FULL[measure]));
}

export function isSigned(measure: TokenMeasure): boolean {
  return measure === 'advantage' || measure === 'lift';
}

/** `p = 12.3%, log p = −2.10, entropy 0.45` for the tip over a token. */
export function tokenNote(tokens: SampleTokens, index: number, lift: readonly number[] | null): string {
  const log = tokens.logProbabilities[index];
  const entropy = tokens.entropies[index];
  if (log === undefined || entropy === undefined) return '';
  const raised = lift?.[index];
  const lifted = raised === undefined ? '' : `, lift ${raised < 0 ? '−' : '+'}${Math.abs(raised).toFixed(2)}`;
  return `p = ${(Math.exp(log) * 100).toFixed(1)}%, log p = ${log.toFixed(2)}, entropy ${entropy.toFixed(2)}${lifted}`;
}
