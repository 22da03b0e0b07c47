// TensorBoard's folders: every folder with event files is a run, whose files are read one after the other, as
// TensorBoard does. Scalars only. Written are a run's metrics and its held-out evaluations, under the tags that Hugging
// Face's logger uses (`train/reward`, `eval/…`), so that they lie over TRL's own.

import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, relative } from 'node:path';
import { MerfError } from '../../spec/error.ts';
import type { RunView } from '../view.ts';
import { writing } from '../write.ts';
import { readEvent, scalarEvent, versionEvent } from './event.ts';
import { type ForeignRun, metricsWith } from './foreign.ts';
import { metricName } from './metric_names.ts';
import { payloads, recordOf } from './tfrecord.ts';

const EVENT_FILE = /tfevents/;
const DEEPEST = 5;

/** The folders at or below this one that hold event files. */
export function eventFolders(folder: string, depth = 0): string[] {
  const entries = readdirSync(folder, { withFileTypes: true });
  const own = entries.some((entry) => entry.isFile() && EVENT_FILE.test(entry.name)) ? [folder] : [];
  if (depth >= DEEPEST) return own;
  const below = entries.filter((entry) => entry.isDirectory() && entry.name !== 'node_modules');
  return [...own, ...below.flatMap((entry) => eventFolders(join(folder, entry.name), depth + 1))];
}

/** One run for every folder with event files. */
export function readTensorboard(root: string): ForeignRun[] {
  return eventFolders(root).map((folder) => {
    const { metrics, created } = scalarsIn(folder);
    const arm = relative(root, folder).replaceAll('\\', '/') || 'tensorboard';
    const rollouts: ForeignRun['rollouts'] = new Map();
    return {
      format: 'tensorboard',
      path: folder,
      experiment: basename(root),
      arm,
      seed: 0,
      rules: [],
      metrics,
      rollouts,
      created,
    };
  });
}

/** The metric lines of a folder's event files, and when the first was written. */
export function scalarsIn(folder: string): Pick<ForeignRun, 'metrics' | 'created'> {
  const names = readdirSync(folder).filter((name) => EVENT_FILE.test(name) && statSync(join(folder, name)).isFile());
  const lines = new Map<number, { time: number; values: Record<string, number> }>();
  let first = Number.POSITIVE_INFINITY;
  for (const name of names.sort()) {
    const path = join(folder, name);
    for (const payload of payloads(readFileSync(path), path)) {
      const { wallTime, step, values } = understood(path, payload);
      first = Math.min(first, wallTime);
      const tags = Object.entries(values);
      if (tags.length === 0) continue;
      const line = lines.get(step) ?? { time: 0, values: {} };
      line.time = Math.max(line.time, wallTime);
      for (const [tag, value] of tags) line.values[metricName(tag)] = value;
      lines.set(step, line);
    }
  }
  for (const line of lines.values()) line.time -= first;
  return { metrics: metricsWith(lines, new Map()), created: Number.isFinite(first) ? Math.round(first * 1000) : 0 };
}

function understood(path: string, payload: Uint8Array): ReturnType<typeof readEvent> {
  try {
    return readEvent(payload);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MerfError(`${path} has an event that cannot be read (${why}).`, 'Copy the file again.', { cause: error });
  }
}

/** Writes one event file; its path. */
export function writeTensorboard(run: RunView, out: string): string {
  const started = run.record.created / 1000;
  const evaluations = run.events.flatMap((event) => {
    if (event.kind !== 'evaluation') return [];
    const [low, high] = event.interval;
    const tag = (name: string) => `eval/${event.prompt}/${name}`;
    const values = {
      [tag('accuracy')]: event.accuracy,
      [tag('low')]: low,
      [tag('high')]: high,
      [tag('reward')]: event.reward,
    };
    return [{ step: event.step, time: event.time, values }];
  });
  const trained = run.metrics.map(({ step, time, values }) => ({
    step,
    time,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [`train/${name}`, value])),
  }));
  const events = [...evaluations, ...trained].sort((a, b) => a.step - b.step);
  const records = [
    versionEvent(started),
    ...events.map(({ step, time, values }) => scalarEvent({ wallTime: started + time, step, values })),
  ];
  const name = `events.out.tfevents.${Math.floor(started)}.${hostname().replace(/[^A-Za-z0-9-]/g, '-')}.${run.record.id}`;
  const path = join(out, name);
  writing(out, () => {
    mkdirSync(out, { recursive: true });
    writeFileSync(path, Buffer.concat(records.map((record) => recordOf(record))));
  });
  return path;
}
