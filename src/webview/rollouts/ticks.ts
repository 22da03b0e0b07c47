// The responses that are ticked: what exports, stars and a comparison are about when there are any. They stay ticked
// while the list is filtered or goes to another step, and are forgotten with the run. Pure.

import type { ListedRow } from '../../run/rollouts/list_query.ts';
import type { ResponsePlace, RolloutsState } from '../messages.ts';

/** A tick outlives the line it was made on: its star is what the list said last. */
type Ticked = RolloutsState['ticked'][number];

export class Ticks {
  private readonly places = new Map<string, Ticked>();

  get count(): number {
    return this.places.size;
  }

  /** In the order in which they were ticked. */
  all(): ResponsePlace[] {
    return [...this.places.values()].map(({ set, index }) => ({ set, index }));
  }

  /** As the panel keeps them while it is hidden. */
  kept(): Ticked[] {
    return [...this.places.values()];
  }

  has(place: ResponsePlace): boolean {
    return this.places.has(keyOf(place));
  }

  put(rows: readonly Ticked[], isTicked: boolean): void {
    for (const { set, index, starred } of rows) {
      if (isTicked) this.places.set(keyOf({ set, index }), { set, index, starred });
      else this.places.delete(keyOf({ set, index }));
    }
  }

  /** The list has been sent again: stars may be others now. */
  refresh(rows: readonly ListedRow[]): void {
    this.put(
      rows.filter((row) => this.has(row)),
      true,
    );
  }

  clear(): void {
    this.places.clear();
  }

  /** Whether a star for all of them means to take it away. */
  get areStarred(): boolean {
    return this.count > 0 && [...this.places.values()].every(({ starred }) => starred);
  }
}

function keyOf({ set, index }: ResponsePlace): string {
  return `${set.kind} ${set.step} ${index}`;
}
