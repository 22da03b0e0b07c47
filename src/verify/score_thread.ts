// A worker thread that scores parts of a batch, for specifications that ask nobody. Its program, score_worker.ts, lies
// bundled beside the command; where it does not (run from the sources) the scoring is done in place.

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type ResponseScore, type Scored, scoreResponse } from '../reward/score.ts';
import type { Manner, Sample } from './scorer.ts';

export interface ScoreThread {
  score(samples: readonly Sample[], manner: Manner): Promise<ResponseScore[]>;
  end(): Promise<void>;
}

export interface Part {
  samples: readonly Sample[];
  manner: Manner;
}

export function scorePart(spec: Scored, { samples, manner }: Part): ResponseScore[] {
  return samples.map(({ row, response, generation }) => scoreResponse(spec, row, response, generation, manner));
}

export function startThread(spec: Scored): ScoreThread {
  const program = fileURLToPath(new URL('./score_worker.mjs', import.meta.url));
  if (!existsSync(program)) {
    return { score: async (samples, manner) => scorePart(spec, { samples, manner }), end: async () => {} };
  }
  const worker = new Worker(program, { workerData: spec });
  worker.unref();
  return {
    score: (samples, manner) =>
      new Promise((resolve, reject) => {
        const settle = (finish: () => void): void => {
          worker.unref();
          worker.off('message', scored);
          worker.off('error', failed);
          worker.off('exit', ended);
          finish();
        };
        const scored = (scores: ResponseScore[]): void => settle(() => resolve(scores));
        const failed = (error: unknown): void => settle(() => reject(error));
        const ended = (): void => failed(new Error('The scoring thread ended.'));
        worker.on('message', scored);
        worker.on('error', failed);
        worker.on('exit', ended);
        worker.ref();
        const part: Part = { samples, manner };
        worker.postMessage(part);
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}
