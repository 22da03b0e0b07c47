// What a run writes down while it trains: events with its step and time, its record, its files. On a full disk it
// waits, with one message, and goes on when there is room: what was to be written is written then, and nothing else is
// done before.

import { join } from 'node:path';
import { EventLine, MetricsLine, type RolloutLine, type RunRecord } from '../run/format.ts';
import { readLines, readRollouts } from '../run/read.ts';
import type { RolloutSet } from '../run/view.ts';
import { DiskFull, type RunWriter } from '../run/write.ts';
import { Clock } from './clock.ts';
import { type Requests, seconds } from './requests.ts';
import type { Progress } from './train.ts';

/** Seconds between two tries on a full disk. */
const TRIES_EVERY = 1;

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
export type NewEvent = DistributiveOmit<EventLine, 'step' | 'time'>;

export class Journal {
  readonly clock: Clock;
  /** The last step that is done. */
  step: number;
  private readonly writer: RunWriter;
  private readonly requests: Requests;
  private readonly progress: (progress: Progress) => void;

  constructor(
    writer: RunWriter,
    requests: Requests,
    progress: (progress: Progress) => void,
    { step, trainedSeconds }: { step: number; trainedSeconds: number },
  ) {
    this.writer = writer;
    this.requests = requests;
    this.progress = progress;
    this.clock = new Clock(trainedSeconds);
    this.step = step;
  }

  async event<E extends NewEvent>(event: E): Promise<E & { step: number; time: number }> {
    const line = { ...event, step: this.step, time: this.clock.seconds() };
    await this.write((writer) => writer.appendEvent(line));
    return line;
  }

  update(change: Partial<RunRecord>): Promise<void> {
    return this.write((writer) => writer.update(change));
  }

  events(): EventLine[] {
    return readLines(join(this.writer.folder, 'events.jsonl'), EventLine).lines;
  }

  metrics(): MetricsLine[] {
    return readLines(join(this.writer.folder, 'metrics.jsonl'), MetricsLine).lines;
  }

  rollouts(set: RolloutSet): RolloutLine[] {
    return readRollouts(this.writer.folder, set);
  }

  /** Does some writing that may be tried again as a whole. @throws DiskFull when it is asked to stop while it waits. */
  async write<T>(write: (writer: RunWriter) => T): Promise<T> {
    try {
      return write(this.writer);
    } catch (error) {
      if (!(error instanceof DiskFull)) throw error;
      return await this.whenThereIsRoom(error, write);
    }
  }

  private async whenThereIsRoom<T>(full: DiskFull, write: (writer: RunWriter) => T): Promise<T> {
    const { step } = this;
    const time = this.clock.seconds();
    const began = performance.now();
    const reason = full.message;
    const { status } = this.writer.record;
    this.progress({ kind: 'full', reason });
    this.writer.useReserve((writer) => writer.update({ status: 'paused', reason }));
    await seconds(TRIES_EVERY);
    const result = await this.tryUntil(full, write);
    await this.tryUntil(full, (writer) => writer.update({ status, reason: null }));
    await this.tryUntil(full, (writer) => writer.appendEvent({ kind: 'paused', step, time, reason }));
    this.clock.waited((performance.now() - began) / 1000);
    const now = this.clock.seconds();
    await this.tryUntil(full, (writer) => writer.appendEvent({ kind: 'continued', step, time: now }));
    await this.tryUntil(full, (writer) => writer.fillReserve());
    this.progress({ kind: 'continued' });
    return result;
  }

  private async tryUntil<T>(full: DiskFull, write: (writer: RunWriter) => T): Promise<T> {
    for (;;) {
      try {
        return write(this.writer);
      } catch (error) {
        if (!(error instanceof DiskFull)) throw error;
      }
      await seconds(TRIES_EVERY);
      if (this.requests.stop() !== null) throw full;
    }
  }
}
