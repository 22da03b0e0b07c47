// How long a run has trained, and how long it still will: steps left at the pace of the last ones, and evaluations
// left at that of the last.

import { spread } from './advantages.ts';

const LOOKED_AT = 8;

export class Clock {
  private before: number;
  private readonly began = performance.now();
  private readonly steps: number[] = [];
  private evaluation = 0;

  /** `before`: seconds trained before a restart. */
  constructor(before: number) {
    this.before = before;
  }

  /** Seconds of training, those before a restart included. */
  seconds(): number {
    return this.before + (performance.now() - this.began) / 1000;
  }

  /** Takes these seconds of waiting out of the count. */
  waited(seconds: number): void {
    this.before -= seconds;
  }

  /** Takes note of how long a step or an evaluation under one prompt took. */
  took(what: 'step' | 'evaluation', seconds: number): void {
    if (what === 'step') this.steps.push(seconds);
    else this.evaluation = seconds;
  }

  /** A step has been timed. */
  get knowsPace(): boolean {
    return this.steps.length > 0;
  }

  /** Seconds that so many steps and evaluations will take. */
  left(steps: number, evaluations: number): number {
    return spread(this.steps.slice(-LOOKED_AT)).mean * steps + this.evaluation * evaluations;
  }
}
