// Stars and notes on responses, kept beside the run: notes.jsonl, a line for each change, the last one of a response
// counts. A line is appended by one write, so that two windows can note at the same time, and each reads what the other
// has written. A response is named by its set, prompt and sample: a resumed run writes the same ones again.

import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { stateInside } from './inside.ts';
import { readLines } from './read.ts';
import { RolloutSet } from './view.ts';
import { writing } from './write.ts';

export const NOTES = 'notes.jsonl';

export const NoteLine = z.object({
  set: RolloutSet,
  prompt_index: z.number(),
  sample: z.number(),
  starred: z.boolean(),
  note: z.string(),
  /** Milliseconds since 1970. */
  time: z.number(),
});
export type NoteLine = z.infer<typeof NoteLine>;
export type Noted = Pick<NoteLine, 'set' | 'prompt_index' | 'sample'>;

export class Notes {
  private readonly folder: string;
  private readonly known = new Map<string, NoteLine>();
  private next = 0;

  constructor(folder: string) {
    this.folder = folder;
    this.refresh();
  }

  of(noted: Noted): NoteLine | null {
    return this.known.get(keyOf(noted)) ?? null;
  }

  get isEmpty(): boolean {
    return this.known.size === 0;
  }

  put(line: NoteLine): void {
    const path = this.path();
    writing(this.folder, () => appendFileSync(path, `${JSON.stringify(line)}\n`));
    this.refresh();
  }

  /** Reads what has come since; whether anything has. @throws MerfError when notes.jsonl is not a file of the run. */
  refresh(): boolean {
    const path = this.path();
    if ((stateInside(this.folder, NOTES)?.bytes ?? 0) < this.next) {
      this.known.clear();
      this.next = 0;
    }
    const { lines, next } = readLines(path, NoteLine, this.next);
    for (const line of lines) this.known.set(keyOf(line), line);
    const isNew = next !== this.next;
    this.next = next;
    return isNew;
  }

  private path(): string {
    stateInside(this.folder, NOTES);
    return join(this.folder, NOTES);
  }
}

function keyOf({ set, prompt_index, sample }: Noted): string {
  return `${set.kind} ${set.step} ${prompt_index} ${sample}`;
}
