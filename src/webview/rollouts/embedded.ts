// The rollouts of a report: the page holds the responses and answers its own view, with the same lists and filters as the
// extension's side has over the files.

import { filterNames } from '../../run/filter/names.ts';
import { type Block, makeBlock } from '../../run/rollouts/block.ts';
import type { ListQuery } from '../../run/rollouts/list_query.ts';
import { type Listing, linesOf, list, pageAt } from '../../run/rollouts/listing.ts';
import { groupOf, sameRowElsewhere } from '../../run/rollouts/related.ts';
import { blockTexts, textLines } from '../../run/rollouts/texts.ts';
import { bestOfBlocks } from '../../run/rollouts/verdict.ts';
import { type RolloutSet, type RunView, type Sample, sameSet } from '../../run/view.ts';
import type { ResponsePlace } from '../messages.ts';
import type { RolloutsView } from './contract.ts';

interface Entry {
  set: RolloutSet;
  samples: readonly Sample[];
}

export class EmbeddedRollouts {
  private readonly run: RunView;
  private readonly entries: readonly Entry[];
  private readonly blocks: Block[] = [];
  private readonly texts = new Map<Block, Uint8Array>();
  private listing: Listing | null = null;

  constructor(run: RunView, entries: readonly Entry[]) {
    this.run = run;
    this.entries = entries;
    for (const { set, samples } of entries) {
      const lines = samples.map((sample, i) => ({ line: { ...sample, tokens: sample.length }, offset: i, length: 1 }));
      const { block, texts } = makeBlock(set, lines, { bytes: samples.length, modified: 0, unreadable: 0 });
      this.blocks.push(block);
      this.texts.set(block, texts);
    }
  }

  list(view: RolloutsView, listing: number, query: ListQuery, open: ResponsePlace | null): void {
    const found = list(this.source(), query);
    this.listing = found;
    const place = open === null ? -1 : found.placeOf(open.set, open.index);
    view.showListing({
      folder: this.run.folder,
      listing,
      count: found.count,
      total: found.total,
      tallies: [...found.tallies],
      length: found.items,
      place: place < 0 ? null : place,
      ...pageAt(found, place < 0 ? null : place),
      indexing: null,
      problems: [],
    });
  }

  items(view: RolloutsView, listing: number, from: number, to: number): void {
    const items = this.listing ? linesOf(this.listing, from, to) : [];
    view.showItems({ folder: this.run.folder, listing, from, items });
  }

  sample(view: RolloutsView, { set, index }: ResponsePlace): void {
    const sample = this.entries.find((entry) => sameSet(entry.set, set))?.samples[index] ?? null;
    const block = this.blocks.find((one) => sameSet(one.set, set));
    const source = this.source();
    view.showSample({
      folder: this.run.folder,
      set,
      index,
      sample,
      starred: false,
      note: '',
      group: block ? groupOf(source, block, index) : [],
      others: block ? sameRowElsewhere(source, block, index) : [],
    });
  }

  private source() {
    const bytes = (block: Block) => this.texts.get(block) ?? new Uint8Array();
    const { metrics, record } = this.run;
    return {
      blocks: this.blocks,
      names: filterNames(record.specification, Object.keys(metrics.at(-1)?.values ?? {})),
      rules: record.specification.rules,
      best: bestOfBlocks(record.specification, this.blocks),
      texts: (block: Block) => blockTexts(block, bytes(block)),
      lines: (block: Block) => textLines(block, bytes(block)),
      metric: (name: string, step: number) => metrics.find((line) => line.step === step)?.values[name] ?? null,
      note: () => null,
    };
  }
}
