// A run waits for its turn on the machine: until the runs that came before it have ended or died, or until it is asked to
// stop.

import type { Turn } from '../run/queue.ts';
import { type Requests, seconds } from './requests.ts';

/** Seconds between two looks. */
const LOOKS_EVERY = 0.3;

/** `waiting` is told the runs before it, whenever these are others. Returns why it is to stop; null: it is its turn. */
export async function takeTurn(
  turn: Turn | null,
  requests: Requests,
  waiting: (before: readonly string[]) => void,
): Promise<string | null> {
  let told = '';
  for (;;) {
    const stop = requests.stop();
    if (stop !== null) return stop;
    const before = turn?.start() ?? [];
    if (before.length === 0) return null;
    if (before.join('\n') !== told) waiting(before);
    told = before.join('\n');
    await seconds(LOOKS_EVERY);
  }
}
