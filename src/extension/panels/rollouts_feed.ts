// What a rollouts panel is answered, from the run's folder: lists by the index beside the run, single responses by their
// byte ranges, stars and notes. Nothing of VS Code here: tests and the benchmark talk to it as the panel does.

import { join } from 'node:path';
import { inTurns } from '../../run/columns/turns.ts';
import { asksForMetrics } from '../../run/filter/evaluate.ts';
import type { FilterNames } from '../../run/filter/expression.ts';
import { filterNames } from '../../run/filter/names.ts';
import { parseFilter } from '../../run/filter/parse.ts';
import { MetricsLine } from '../../run/format.ts';
import { stateInside } from '../../run/inside.ts';
import { MetricsIndex } from '../../run/metrics/metrics_index.ts';
import { Notes } from '../../run/notes.ts';
import { readLines, readRecord } from '../../run/read.ts';
import { exportRollouts } from '../../run/rollouts/export.ts';
import type { ListSource } from '../../run/rollouts/list_items.ts';
import { type Listing, linesOf, listing as listingOf, pageAt } from '../../run/rollouts/listing.ts';
import { groupOf, sameRowElsewhere } from '../../run/rollouts/related.ts';
import { RolloutIndex } from '../../run/rollouts/rollout_index.ts';
import { bestOfBlocks } from '../../run/rollouts/verdict.ts';
import { sampleOf } from '../../run/view.ts';
import { explain } from '../../spec/error.ts';
import type { FromRollouts, ToRollouts } from '../../webview/messages.ts';

type Message<K extends FromRollouts['kind']> = Extract<FromRollouts, { kind: K }>;

/** Listings that are kept, for items asked for late. */
const LISTINGS = 3;
/** Most lines of a list that are sent at once. */
const MOST_ITEMS = 400;

export class RolloutsFeed {
  readonly folder: string;
  private readonly index: RolloutIndex;
  private readonly notes: Notes;
  private readonly send: (message: ToRollouts) => void;
  private readonly specification: ReturnType<typeof readRecord>['specification'];
  private readonly listings = new Map<number, Listing>();
  private readonly metrics: MetricsIndex;
  /** Metrics that a filter asked for, by step. */
  private readonly byStep = new Map<string, ReadonlyMap<number, number>>();
  private lastAsked: Message<'list'> | null = null;
  /** What the last list was judged by. */
  private lastBest = '';
  /** The response that is open, and how many of its row at other steps it was sent with. */
  private lastSample: { message: Message<'sample'>; others: number } | null = null;
  private indexing: { done: number; all: number } | null = null;
  private metricNamed: string[] | null = null;
  private readonly ending = new AbortController();
  private working: Promise<void> | null = null;

  constructor(folder: string, send: (message: ToRollouts) => void) {
    this.folder = folder;
    this.send = send;
    this.specification = readRecord(folder).specification;
    this.index = RolloutIndex.open(folder);
    this.notes = new Notes(folder);
    this.metrics = new MetricsIndex(folder);
  }

  /** Names of the metrics that the last line of metrics.jsonl has. */
  metricNames(): string[] {
    this.metricNamed ??= this.readMetricNames();
    return this.metricNamed;
  }

  private readMetricNames(): string[] {
    const size = stateInside(this.folder, 'metrics.jsonl')?.bytes ?? 0;
    // a short end of the file, and a long one where a line does not fit into it
    for (const end of [32_768, 1_048_576]) {
      const last = readLines(join(this.folder, 'metrics.jsonl'), MetricsLine, Math.max(0, size - end)).lines.at(-1);
      if (last) return Object.keys(last.values);
    }
    return [];
  }

  /** A list: of one step from its own file; of the whole run with what is read so far, and again when the rest has been. */
  async list(message: Message<'list'>): Promise<void> {
    this.lastAsked = message;
    const { signal } = this.ending;
    const { set, filter } = message.query;
    if (set === null) await this.index.load(signal);
    else await this.index.prepare(set, signal);
    if (asksForMetrics(parseFilter(filter, this.names()).filter)) await this.metrics.load(signal);
    if (this.lastAsked !== message || signal.aborted) return;
    await this.answerList(message);
    this.readOn();
  }

  items({ listing, from, to }: Message<'items'>): void {
    const found = this.listings.get(listing);
    if (!found) return;
    const items = linesOf(found, from, Math.min(to, from + MOST_ITEMS));
    this.send({ kind: 'items', folder: this.folder, listing, from, items });
  }

  async sample(message: Message<'sample'>): Promise<void> {
    await this.index.prepare(message.set, this.ending.signal);
    if (!this.ending.signal.aborted) this.answerSample(message);
  }

  /** With those of its row at other steps, as far as these are known. */
  private answerSample(message: Message<'sample'>): void {
    const { set, index } = message;
    const place = { kind: 'sample' as const, folder: this.folder, set, index };
    const block = this.index.ensure(set);
    if (!block || index >= block.count) {
      this.send({ ...place, sample: null, starred: false, note: '', group: [], others: [] });
      return;
    }
    const sample = sampleOf(this.index.read(set, index), index, true);
    const noted = this.notes.of({ set, prompt_index: sample.prompt_index, sample: sample.sample });
    const source = this.source();
    const group = groupOf(source, block, index);
    const others = sameRowElsewhere(source, block, index);
    this.lastSample = { message, others: others.length };
    this.send({ ...place, sample, starred: noted?.starred ?? false, note: noted?.note ?? '', group, others });
  }

  note({ set, prompt_index, sample, starred, note }: Message<'note'>): void {
    this.notes.put({ set, prompt_index, sample, starred, note, time: Date.now() });
    this.send({ kind: 'noted', folder: this.folder });
  }

  star({ chosen, starred }: Message<'star'>): void {
    for (const { set, index } of chosen) {
      const block = this.index.ensure(set);
      if (!block || index >= block.count) continue;
      const { prompt, sample } = block.columns;
      const named = { set, prompt_index: prompt[index] ?? -1, sample: sample[index] ?? -1 };
      const note = this.notes.of(named)?.note ?? '';
      this.notes.put({ ...named, starred, note, time: Date.now() });
    }
    this.send({ kind: 'noted', folder: this.folder });
  }

  /** Writes the chosen or the listed responses to a file; how many. */
  export({ listing, format, chosen }: Message<'export'>, path: string): number {
    const places = chosen ?? this.listings.get(listing)?.rows() ?? [];
    const { index } = this;
    function* lines() {
      for (const place of places) yield index.read(place.set, place.index);
    }
    return exportRollouts(path, format, lines());
  }

  /** The run has grown, or another window has noted something: tells what has changed. */
  refresh(): void {
    if (this.notes.refresh()) this.send({ kind: 'noted', folder: this.folder });
    this.byStep.clear();
    this.metricNamed = null;
    this.readOn();
  }

  dispose(): void {
    this.ending.abort();
    this.index.close();
    this.metrics.close();
  }

  /** Settles when the index has been brought up to date. */
  async settled(): Promise<void> {
    while (this.working) await this.working;
  }

  private async answerList(message: Message<'list'>): Promise<void> {
    const { listing, query, open } = message;
    const source = this.source();
    const answer = await inTurns(listingOf(source, query), this.ending.signal);
    // another list has been asked for meanwhile
    if (!answer || this.lastAsked !== message) return;
    this.listings.set(listing, answer);
    this.lastBest = JSON.stringify([...source.best]);
    for (const old of this.listings.keys()) {
      if (this.listings.size <= LISTINGS) break;
      this.listings.delete(old);
    }
    const found = open === null ? -1 : answer.placeOf(open.set, open.index);
    const place = found < 0 ? null : found;
    this.send({
      kind: 'listing',
      folder: this.folder,
      listing,
      count: answer.count,
      total: answer.total,
      tallies: [...answer.tallies],
      length: answer.items,
      place,
      ...pageAt(answer, place),
      indexing: this.indexing,
      problems: this.index.problems.slice(0, 5),
    });
  }

  /** Reads the index and what is missing in it, a little at a time; a list of the whole run is sent again meanwhile. */
  private readOn(): void {
    if (this.working) return;
    this.working = this.reading()
      .catch((error: unknown) => this.send({ kind: 'error', text: explain(error) }))
      .finally(() => {
        this.working = null;
      });
  }

  private async reading(): Promise<void> {
    const { signal } = this.ending;
    await this.index.load(signal);
    await this.tellAgain(false);
    let told = performance.now();
    const anything = await this.index.update((done, all) => {
      this.indexing = { done, all };
      if (performance.now() - told < 700) return;
      told = performance.now();
      void this.tellAgain(true);
    }, signal);
    this.indexing = null;
    if (anything) await this.tellAgain(true);
  }

  /** What is shown, where what has been read since changes it. `isMore`: there are more responses than before. */
  private async tellAgain(isMore: boolean): Promise<void> {
    const { folder, indexing, lastAsked: asked, lastSample: shown } = this;
    if (this.ending.signal.aborted || !asked) return;
    const source = this.source();
    // the best that a computed score has come to is known from all responses
    const isJudgedAnew = JSON.stringify([...source.best]) !== this.lastBest;
    if (isJudgedAnew || (isMore && asked.query.set === null)) await this.answerList(asked);
    else if (isMore) this.send({ kind: 'indexing', folder, indexing });
    if (!shown || indexing) return;
    const { set, index } = shown.message;
    const block = this.index.ensure(set);
    const others = block && index < block.count ? sameRowElsewhere(source, block, index).length : 0;
    if (isJudgedAnew || others !== shown.others) this.answerSample(shown.message);
  }

  private names(): FilterNames {
    return filterNames(this.specification, this.metricNames());
  }

  private source(): ListSource {
    const { index, notes, specification } = this;
    return {
      blocks: index.blocks,
      names: this.names(),
      rules: specification.rules,
      best: bestOfBlocks(specification, index.blocks),
      texts: (block) => index.textsOf(block),
      lines: (block) => index.linesOf(block),
      metric: (name, step) => this.metric(name).get(step) ?? null,
      note: (block, row) =>
        notes.isEmpty
          ? null
          : notes.of({
              set: block.set,
              prompt_index: block.columns.prompt[row] ?? -1,
              sample: block.columns.sample[row] ?? -1,
            }),
    };
  }

  /** One metric by step. */
  private metric(name: string): ReadonlyMap<number, number> {
    const known = this.byStep.get(name);
    if (known) return known;
    const { step, values } = this.metrics.series(name);
    const found = new Map(step.map((at, i) => [at, values[i] ?? Number.NaN]));
    this.byStep.set(name, found);
    return found;
  }
}
