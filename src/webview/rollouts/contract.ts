// What the rollouts view shows, what it is told, and what it asks of its host: the extension in a panel, the page itself
// in a report (embedded.ts).

import type { RunRecord } from '../../run/format.ts';
import type { ListQuery } from '../../run/rollouts/list_query.ts';
import type { RolloutSet, Sample } from '../../run/view.ts';
import type { FiredCase, ResponsePlace, RolloutsState, ToRollouts } from '../messages.ts';

export interface RolloutsRun {
  folder: string;
  record: RunRecord;
  siblings: { folder: string; label: string }[];
  sets: RolloutSet[];
  metrics: string[];
}

/** What the host says, without its kind. */
export type Answer<K extends ToRollouts['kind']> = Omit<Extract<ToRollouts, { kind: K }>, 'kind'>;

export interface RolloutsHost {
  list(folder: string, listing: number, query: ListQuery, open: ResponsePlace | null): void;
  items(folder: string, listing: number, from: number, to: number): void;
  sample(folder: string, place: ResponsePlace): void;
  selectRun(folder: string, set: RolloutSet | null): void;
  copy(text: string): void;
  keep(state: RolloutsState): void;
  /** The step was moved to. Left out, as what follows: cannot be done here. */
  step?(folder: string, step: number): void;
  lift?(folder: string, place: ResponsePlace): void;
  note?(folder: string, sample: Sample, set: RolloutSet, starred: boolean, note: string): void;
  star?(folder: string, chosen: ResponsePlace[], starred: boolean): void;
  exportRows?(folder: string, listing: number, format: 'jsonl' | 'parquet', chosen: ResponsePlace[] | null): void;
  addExample?(folder: string, place: ResponsePlace): void;
  copyLink?(state: RolloutsState): void;
}

export interface RolloutsView {
  element: HTMLElement;
  /** Perhaps with other filters: those of a link, or only responses in which a case fired. */
  showRun(run: RolloutsRun, selected: RolloutSet | null, asked?: { fired?: FiredCase; state?: RolloutsState }): void;
  showListing(answer: Answer<'listing'>): void;
  showIndexing(answer: Answer<'indexing'>): void;
  showItems(answer: Answer<'items'>): void;
  showSample(answer: Answer<'sample'>): void;
  showLift(answer: Answer<'lift'>): void;
  noted(folder: string): void;
  giveLink(): void;
  /** Changes to the set of that kind whose step is nearest. */
  goTo(folder: string, set: RolloutSet): void;
}
