// Answers that take a while. A question whose answer is not there is noted as wanted; whoever waits has it made, and asks
// again. What nobody waits for any more is broken off.

import { type Lookup, PENDING } from '../language/surroundings.ts';

/** What a file has asked and does not know yet: each waits until it is known, or until the signal is aborted. */
export type Wanted = Map<string, (signal?: AbortSignal) => Promise<void>>;

interface Making {
  promise: Promise<void>;
  controller: AbortController;
  waiting: number;
}

/** So many milliseconds after the last one stopped waiting, it is broken off. */
const GRACE = 2000;

/** Answers of one kind, kept for all files of a process until what they are of has another stamp. */
export class SlowAnswers<T> {
  private readonly answers = new Map<string, { stamp: string; answer: T }>();
  private readonly making = new Map<string, Making>();

  look(key: string, stamp: string, make: (signal: AbortSignal) => Promise<T>, wanted: Wanted): Lookup<T> {
    const known = this.answers.get(key);
    if (known?.stamp === stamp) return known.answer;
    wanted.set(key, (signal) => this.wait(key, stamp, make, signal));
    return PENDING;
  }

  private async wait(
    key: string,
    stamp: string,
    make: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<void> {
    const name = `${key}\n${stamp}`;
    const making = this.making.get(name) ?? this.begin(name, key, stamp, make);
    making.waiting++;
    try {
      await Promise.race([making.promise, abortOf(signal)]);
    } finally {
      making.waiting--;
      setTimeout(() => {
        if (making.waiting === 0) making.controller.abort();
      }, GRACE).unref();
    }
  }

  private begin(name: string, key: string, stamp: string, make: (signal: AbortSignal) => Promise<T>): Making {
    const controller = new AbortController();
    const promise = make(controller.signal)
      .then((answer) => {
        this.answers.set(key, { stamp, answer });
      })
      .catch((error: unknown) => {
        if (!controller.signal.aborted) throw error;
      })
      .finally(() => this.making.delete(name));
    const making = { promise, controller, waiting: 0 };
    this.making.set(name, making);
    return making;
  }
}

/** Resolves when the signal is aborted; never without one. */
function abortOf(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve();
    signal?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Waits for everything that is wanted; false: nothing was, or it was broken off. */
export async function settle(wanted: Wanted, signal?: AbortSignal): Promise<boolean> {
  const waits = [...wanted.values()];
  wanted.clear();
  await Promise.all(waits.map((wait) => wait(signal)));
  return waits.length > 0 && !signal?.aborted;
}
