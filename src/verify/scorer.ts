// Scores batches of responses without holding up whoever waits. A specification that asks nobody is scored in place
// for a moment, which is enough for most batches (a hop to another thread costs more than it saves); what is left of a
// large one goes to worker threads. One with verifiers or judges is scored as far as it goes; the calls it waits for
// are made side by side and it is tried again, until every answer is known. Scores come in the order of the samples,
// whatever was answered first.

import { availableParallelism } from 'node:os';
import type { Row } from '../reward/row.ts';
import {
  type Answer,
  type Answers,
  type ExternalCall,
  type Generation,
  type ResponseScore,
  type Scored,
  scoreResponse,
  tryToScore,
} from '../reward/score.ts';
import type { Externals } from './externals.ts';
import { failed, type Reply } from './host.ts';
import { type ScoreThread, startThread } from './score_thread.ts';
import { Turns } from './turns.ts';

export interface Sample {
  row: Row;
  response: string;
  generation: Generation;
  /** What verifiers and judges answer without being asked; null or left out: all are asked. */
  given?: Answers | null;
}

/** What one verifier or judge took for one sample. */
export interface CallRecord {
  /** Seconds of all its calls. */
  time: number;
  /** Why its last call gave no answer; null: it did. */
  error: string | null;
  /** What it answered; null: it gave none, or several that differ. */
  value: boolean | number | string | null;
}

export interface ScoredSample {
  score: ResponseScore;
  /** By the verifier's or judge's name; those that were asked. */
  asked: Record<string, CallRecord>;
}

export interface ScoreRequest {
  /** Step of training for scheduled weights; null: their end. */
  step?: number | null;
  /** Whether the parts of the response that earned the scores are wanted too. */
  evidence?: boolean;
  /** Aborted: `score` throws its reason. */
  signal?: AbortSignal | undefined;
  /** Told how many have their scores; of those scored in place, nothing. */
  onScored?: (done: number) => void;
}

/** How a sample is scored, whoever does it. */
export type Manner = Required<Pick<ScoreRequest, 'step' | 'evidence'>>;

/** Milliseconds for which a batch is scored in place; what is left then goes to threads. */
const IN_PLACE = 50;
/** Samples that may wait for answers at once: bounds memory, not the verifiers, which have limits of their own. */
const AT_ONCE = 256;
/** Questions that one response may raise; a list in it may be as long as its writer likes. */
const MOST_CALLS = 500;

export class Scorer {
  private readonly spec: Scored;
  private readonly externals: Externals | null;
  private readonly threads: ScoreThread[] = [];
  private readonly mostThreads: number;
  private readonly inPlace: number;
  private readonly turns = new Turns(AT_ONCE);

  /** `externals`: null where the specification has none. `inPlace`: milliseconds. */
  constructor(
    spec: Scored,
    externals: Externals | null,
    { threads = availableParallelism(), inPlace = IN_PLACE }: { threads?: number; inPlace?: number } = {},
  ) {
    this.inPlace = inPlace;
    // what threads are sent
    this.spec = { task: spec.task, captures: spec.captures, rules: spec.rules, total: spec.total };
    this.externals = externals?.any ? externals : null;
    this.mostThreads = Math.max(1, threads);
  }

  /** Whether verifiers or judges are asked, for whom it is worth to begin early. */
  get asks(): boolean {
    return this.externals !== null;
  }

  async score(
    samples: readonly Sample[],
    { step = null, evidence = false, signal, onScored }: ScoreRequest = {},
  ): Promise<ScoredSample[]> {
    const manner = { step, evidence };
    signal?.throwIfAborted();
    const { externals } = this;
    if (externals !== null) {
      let done = 0;
      const one = async (sample: Sample) => {
        const scored = await this.turns.take(() => this.scoreWith(externals, sample, manner, signal));
        onScored?.(++done);
        return scored;
      };
      const scored = await Promise.all(samples.map(one));
      signal?.throwIfAborted();
      return scored;
    }
    const began = performance.now();
    const scored: ScoredSample[] = [];
    for (const { row, response, generation } of samples) {
      if (performance.now() - began > this.inPlace) break;
      scored.push({ score: scoreResponse(this.spec, row, response, generation, manner), asked: {} });
    }
    const left = samples.slice(scored.length);
    return left.length === 0 ? scored : [...scored, ...(await this.scoreInThreads(left, manner, signal))];
  }

  async scoreOne(sample: Sample, request: ScoreRequest = {}): Promise<ScoredSample> {
    const [scored] = await this.score([sample], request);
    if (scored === undefined) throw new Error('A sample has no score.');
    return scored;
  }

  /** Ends the threads; the externals are whoever opened them's. */
  async end(): Promise<void> {
    await Promise.all(this.threads.splice(0).map((thread) => thread.end()));
  }

  private async scoreWith(
    externals: Externals,
    { row, response, generation, given = null }: Sample,
    manner: Manner,
    signal: AbortSignal | undefined,
  ): Promise<ScoredSample> {
    const answers = new Map<string, Answer>();
    const asked: Record<string, CallRecord> = {};
    const known = (call: ExternalCall): Answer =>
      answers.get(JSON.stringify(call)) ?? given?.(call) ?? { kind: 'pending' };
    for (;;) {
      const attempt = tryToScore(this.spec, row, response, generation, { ...manner, answers: known });
      if ('score' in attempt) return { score: attempt.score, asked };
      const pending = new Map(attempt.pending.map((call) => [JSON.stringify(call), call]));
      const isTooMany = answers.size + pending.size > MOST_CALLS;
      await Promise.all(
        [...pending].map(async ([key, call]) => {
          const { reply, seconds } = isTooMany ? TOO_MANY : await externals.ask(call, signal);
          answers.set(key, answerOf(reply));
          const before = asked[call.name];
          const error = reply.kind === 'failed' ? reply.message : (before?.error ?? null);
          const answer = reply.kind === 'value' ? reply.value : null;
          const value = before === undefined || before.value === answer ? answer : null;
          asked[call.name] = { time: (before?.time ?? 0) + seconds, error, value };
        }),
      );
    }
  }

  /** Cuts the batch into parts of about equal size, more than there are threads, so that none is left waiting long. */
  private async scoreInThreads(
    samples: readonly Sample[],
    manner: Manner,
    signal: AbortSignal | undefined,
  ): Promise<ScoredSample[]> {
    const parts = cut(samples, sizeOf(samples) / (4 * this.mostThreads));
    while (this.threads.length < Math.min(this.mostThreads, parts.length)) this.threads.push(startThread(this.spec));
    const scores: ResponseScore[][] = [];
    let next = 0;
    const work = async (thread: ScoreThread): Promise<void> => {
      for (let part = next++; part < parts.length && !signal?.aborted; part = next++) {
        scores[part] = await thread.score(parts[part] ?? [], manner);
      }
    };
    await Promise.all(this.threads.map(work));
    signal?.throwIfAborted();
    return scores.flat().map((score) => ({ score, asked: {} }));
  }
}

const TOO_MANY = {
  reply: failed('too_many', `The response raises more than ${MOST_CALLS} questions.`),
  seconds: 0,
};

function answerOf(reply: Reply): Answer {
  if (reply.kind === 'value') return reply;
  return { kind: 'invalid', cause: reply.cause, message: reply.message };
}

/** What samples cost, about: their characters, and something for each. */
function sizeOf(samples: readonly Sample[]): number {
  return samples.reduce((sum, { response }) => sum + response.length + 1000, 0);
}

function cut(samples: readonly Sample[], size: number): Sample[][] {
  const parts: Sample[][] = [];
  let [part, filled]: [Sample[], number] = [[], 0];
  for (const sample of samples) {
    part.push(sample);
    filled += sizeOf([sample]);
    if (filled < size) continue;
    parts.push(part);
    [part, filled] = [[], 0];
  }
  return part.length > 0 ? [...parts, part] : parts;
}
