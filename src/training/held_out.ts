// The held-out evaluations of a run: after which steps, under which prompts, and what is written down of them. One that
// was broken off counts for nothing and is made up for when the run goes on.

import type { Tokenizer } from '../model/tokenizer.ts';
import type { Arm, Specification } from '../spec/specification.ts';
import type { TaskRows } from '../task/registry.ts';
import { evaluate, evaluationPrompts, type PromptKind, unanswered } from './evaluate.ts';
import type { Journal } from './journal.ts';
import type { Policy, RolloutProgress } from './policy.ts';
import type { Requests } from './requests.ts';
import { rolloutLines } from './rollout_lines.ts';
import type { Progress } from './train.ts';

export interface HeldOutRun {
  spec: Specification;
  arm: Arm;
  seed: number;
  steps: number;
  rows: TaskRows;
  progress: (progress: Progress) => void;
}

export class HeldOut {
  private readonly given: HeldOutRun;
  private readonly policy: Policy;
  private readonly tokenizer: Tokenizer;
  private readonly journal: Journal;
  private readonly requests: Requests;

  constructor(given: HeldOutRun, policy: Policy, journal: Journal, requests: Requests) {
    this.given = given;
    this.policy = policy;
    this.tokenizer = policy.model.tokenizer;
    this.journal = journal;
    this.requests = requests;
  }

  isDue(step: number): boolean {
    const every = this.given.arm.train.evaluate?.everySteps;
    return every !== undefined && (step % every === 0 || step === this.given.steps);
  }

  /** From the end of a step on, each prompt by itself. */
  left(step: number): number {
    const steps = Array.from({ length: this.given.steps - step + 1 }, (_, i) => step + i);
    return steps.filter((one) => this.isDue(one)).length * evaluationPrompts(this.given.arm).length;
  }

  /**
   * Answers the held-out rows under each prompt that has no answers at this step yet. False: it was asked to stop before
   * it was through.
   */
  async evaluate(onProgress: (progress: RolloutProgress) => void): Promise<boolean> {
    for (const kind of unanswered(this.given.arm, this.journal.step, this.journal.events())) {
      if (this.requests.stop() !== null) return false;
      this.given.progress({ kind: 'evaluating', prompt: kind });
      const halt = new AbortController();
      try {
        await this.evaluateUnder(kind, halt, onProgress);
      } catch (error) {
        if (halt.signal.aborted) return false;
        throw error;
      }
    }
    return true;
  }

  private async evaluateUnder(
    kind: PromptKind,
    halt: AbortController,
    onProgress: (progress: RolloutProgress) => void,
  ): Promise<void> {
    const { arm, spec, rows, seed, progress } = this.given;
    const { maxResponse, temperature } = arm.train;
    const { step, clock } = this.journal;
    const began = performance.now();
    const { rollouts, result } = await evaluate(this.policy, spec, {
      rows: [...rows.test],
      kind,
      motivation: arm.motivation,
      samples: arm.train.evaluate?.samples ?? 1,
      seed,
      maxResponse,
      temperature,
      signal: halt.signal,
      onProgress: (found) => {
        onProgress(found);
        if (this.requests.stop() !== null) halt.abort();
      },
    });
    const place = { step, split: 'test', rowIndex: (prompt: number) => prompt } as const;
    const lines = rolloutLines(spec, rollouts, () => null, place, this.tokenizer);
    await this.journal.write((writer) => writer.writeRollouts({ kind, step }, lines));
    clock.took('evaluation', (performance.now() - began) / 1000);
    progress({ kind: 'evaluation', event: await this.journal.event(result) });
  }
}
