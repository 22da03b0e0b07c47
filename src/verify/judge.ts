// A judge: a call becomes a request to its endpoint, at most `concurrency` at once; one that fails in a way that may
// pass is sent again after a pause that doubles each time, with jitter, or as long as the endpoint asks for. The same
// question is asked once: answers are kept on disk, and calls that are under way are shared.
//
//   pause before try n = min(60, 0.5 · 2^(n−1)) · (0.5 … 1) seconds, or Retry-After

import type { Judge } from '../spec/specification.ts';
import { fitting } from './answer.ts';
import { AnswerCache } from './answer_cache.ts';
import { failed, type Reply } from './host.ts';
import { readJudgement } from './judge_answer.ts';
import { complete } from './judge_endpoint.ts';
import { answerSchema, judgeMessages } from './judge_prompt.ts';
import { Turns } from './turns.ts';

const LONGEST_PAUSE = 60;

/** What a judge has been asked so far. Dollars are null where the file states no price. */
export interface Usage {
  requests: number;
  /** Answers that came from the cache. */
  cached: number;
  inputTokens: number;
  outputTokens: number;
  dollars: number | null;
}

export interface JudgeOptions {
  environment: NodeJS.ProcessEnv;
  /** null: nothing is kept. */
  cache: AnswerCache | null;
  /** Waits; tests need not. */
  pause?: (seconds: number, signal?: AbortSignal) => Promise<void>;
}

export class JudgeClient {
  readonly usage: Usage;
  private readonly judge: Judge;
  private readonly key: string | null;
  private readonly cache: AnswerCache | null;
  private readonly pause: NonNullable<JudgeOptions['pause']>;
  private readonly turns: Turns;
  private readonly underWay = new Map<string, Promise<Reply>>();
  /** The endpoint has refused a response format. */
  private plain = false;

  constructor(judge: Judge, { environment, cache, pause = wait }: JudgeOptions) {
    this.judge = judge;
    this.key = judge.key === null ? null : environment[judge.key]?.trim() || null;
    this.cache = cache;
    this.pause = pause;
    this.turns = new Turns(judge.concurrency);
    const dollars = judge.price === null ? null : 0;
    this.usage = { requests: 0, cached: 0, inputTokens: 0, outputTokens: 0, dollars };
  }

  /** Why it cannot be asked at all; null: it can. */
  check(): Reply | null {
    const { key, name } = this.judge;
    if (key === null) return null;
    if (this.key === null) return failed('key', `\`${name}\` needs the key in ${key}, which is not set.`);
    // else the request itself would be refused, in words that repeat the key
    if (!/^[\x21-\x7e]+$/.test(this.key)) return failed('key', `What ${key} holds is no key: it has other characters.`);
    return null;
  }

  /** Never rejects. */
  async ask(given: readonly unknown[], signal?: AbortSignal): Promise<Reply> {
    const lacking = this.check();
    if (lacking !== null) return lacking;
    const { endpoint, model, temperature, result } = this.judge;
    const messages = judgeMessages(this.judge, given);
    const key = AnswerCache.key({ endpoint, model, temperature, result, messages });
    const shared = this.underWay.get(key);
    if (shared !== undefined) return shared;
    const asking = this.askOnce(key, messages, signal).finally(() => this.underWay.delete(key));
    this.underWay.set(key, asking);
    return asking;
  }

  private async askOnce(key: string, messages: ReturnType<typeof judgeMessages>, signal?: AbortSignal): Promise<Reply> {
    const { name, result } = this.judge;
    const known = await this.cache?.get(key);
    if (known !== undefined && known !== null) {
      const reply = fitting(name, result, { kind: 'value', value: known });
      if (reply.kind === 'value') {
        this.usage.cached++;
        return reply;
      }
    }
    const reply = await this.turns.take(() => this.request(messages, signal));
    if (reply.kind === 'value') await this.cache?.put(key, reply.value);
    return reply;
  }

  private async request(messages: ReturnType<typeof judgeMessages>, signal?: AbortSignal): Promise<Reply> {
    const { judge, key } = this;
    let failure: Reply = CANCELLED;
    for (let attempt = 0; attempt <= judge.retries; ) {
      if (signal?.aborted) return CANCELLED;
      const format = this.plain ? null : answerSchema(judge.result);
      this.usage.requests++;
      const outcome = await complete({ judge, messages, format, key, signal });
      switch (outcome.kind) {
        case 'failed':
          return outcome;
        case 'no_format':
          this.plain = true;
          continue;
        case 'answered': {
          this.count(outcome.tokens);
          const said = readJudgement(outcome.content, judge.result);
          if (said !== null) return fitting(judge.name, judge.result, { kind: 'value', value: said });
          const words = outcome.content.trim().replace(/\s+/g, ' ').slice(0, 80);
          return failed('garbled', `\`${judge.name}\` said what cannot be read as its answer: ${words}`);
        }
        case 'again': {
          failure = outcome.failure;
          const doubled = Math.min(LONGEST_PAUSE, 0.5 * 2 ** attempt) * (0.5 + Math.random() / 2);
          const seconds = Math.min(LONGEST_PAUSE, outcome.after ?? doubled);
          if (attempt < judge.retries) await this.pause(seconds, signal);
        }
      }
      attempt++;
    }
    return failure;
  }

  private count({ input, output }: { input: number; output: number }): void {
    const { price } = this.judge;
    this.usage.inputTokens += input;
    this.usage.outputTokens += output;
    if (price !== null) {
      this.usage.dollars = (this.usage.dollars ?? 0) + (input * price.input + output * price.output) / 1e6;
    }
  }
}

const CANCELLED = failed('cancelled', 'The scoring was broken off.');

function wait(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(clock);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const clock = setTimeout(done, seconds * 1000);
    signal?.addEventListener('abort', done, { once: true });
  });
}
