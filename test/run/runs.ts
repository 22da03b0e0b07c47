// Runs for the tests of the run on disk: a record, lines, and a folder that is gone after each test.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { STANDARD_PLAN } from '../../src/language/lower/plan.ts';
import type { EventLine, MetricsLine, RolloutLine, RunRecord } from '../../src/run/format.ts';

/** A folder of its own for each test of the suite. */
export function temporaryFolder(): (name?: string) => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merf-run-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return (name = '') => join(folder, name);
}

export function record(change: Partial<RunRecord> = {}): RunRecord {
  return {
    format: 1,
    id: 'small-merf-s1',
    experiment: 'small',
    arm: 'merf',
    seed: 1,
    file: 'small.merf',
    specification: {
      format: 1,
      name: 'small',
      doc: '',
      imports: [],
      task: { name: 'knights_and_knaves', arguments: {}, columns: [], source: null },
      prompt: { system: null, user: [{ kind: 'column', name: 'quiz' }] },
      captures: [],
      verifiers: [],
      judges: [],
      rules: [],
      total: { kind: 'sum' },
      motivations: [],
      arms: [],
      train: {
        model: 'bundled:tiny',
        algorithm: 'grpo',
        steps: 10,
        prompts: 2,
        group: 2,
        maxResponse: 8,
        learningRate: 1e-3,
        objective: { clip: 0.2, kl: 0 },
        temperature: 1,
        lora: null,
        optimizer: { ...STANDARD_PLAN.optimizer },
        seeds: [1],
        evaluate: null,
      },
      stages: [],
      watches: [],
      examples: [],
    },
    model: { name: 'bundled:tiny', hash: 'abc', parameters: 1000 },
    engine: { name: 'onnxruntime-node, CPU', version: '1.30.0', threads: 1 },
    versions: { merf: '0.1.0' },
    status: 'running',
    step: 0,
    steps: 10,
    created: 1_000,
    updated: 1_000,
    trainedSeconds: 0,
    pid: process.pid,
    reason: null,
    ...change,
  };
}

export function metrics(step: number, values: Record<string, number> = { reward: step / 2 }): MetricsLine {
  return { step, time: step * 3, values };
}

export function checkpointEvent(step: number): EventLine {
  return { kind: 'checkpoint', step, time: step * 3, folder: `checkpoints/step-${step}` };
}

export function rollout(step: number, response: string): RolloutLine {
  return {
    step,
    prompt_index: 0,
    sample: 0,
    split: 'train',
    row_index: 7,
    row: { quiz: 'Who is who?' },
    prompt: 'Who is who?',
    response,
    captures: { answer: null },
    rules: { format: { case: 1, score: -1, weight: 1 } },
    reward: -1,
    advantage: 0,
    finish_reason: 'stop',
    token_ids: [5, 6],
    token_texts: ['Zoë', '…'],
    log_probabilities: [-0.5, -1],
    entropies: [0.7, 0.9],
  };
}
