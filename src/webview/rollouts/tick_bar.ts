// The bar of the ticked responses: how many there are, and what can be done with them. It is not there while there are
// none.

import { button, element } from '../element.ts';
import { keepFocus } from '../kept_focus.ts';
import type { ResponsePlace } from '../messages.ts';
import type { Text } from '../text.ts';
import type { RolloutsHost, RolloutsRun } from './contract.ts';
import type { Ticks } from './ticks.ts';

export interface TickBarHost {
  run(): RolloutsRun | null;
  listing(): number;
  /** The ticks have changed. */
  changed(): void;
  /** Holds one beside another. */
  compare(response: ResponsePlace, beside: ResponsePlace): void;
  /** Where the focus goes when the bar goes. */
  leave(): void;
}

export interface TickBar {
  element: HTMLElement;
  draw(): void;
  clear(): void;
  /** The second that was ticked, beside the first; nothing where not two are. */
  compare(): void;
}

export function tickBar(ticks: Ticks, host: RolloutsHost, bar: TickBarHost, text: Text): TickBar {
  const words = text.ticks;
  const line = element('div', { class: 'tick-bar', role: 'group', 'aria-label': words.label, hidden: true });

  const draw = () => {
    keepFocus(line, () => line.replaceChildren(...parts()));
    line.hidden = ticks.count === 0;
    bar.changed();
  };
  const clear = () => {
    ticks.clear();
    draw();
    bar.leave();
  };
  const compare = () => {
    const [first, second, ...more] = ticks.all();
    if (first && second && more.length === 0) bar.compare(second, first);
  };
  const action = (label: string, title: string | null, act: (run: RolloutsRun) => void) =>
    button(label, { class: 'quiet-button', ...(title !== null && { title }) }, () => {
      const run = bar.run();
      if (run) act(run);
    });

  const parts = (): HTMLElement[] => {
    const { star, exportRows } = host;
    const beside = action(words.compare, words.compareHint, compare);
    beside.disabled = ticks.count !== 2;
    const isStarred = ticks.areStarred;
    const starring = star
      ? [action(isStarred ? words.unstar : text.star, null, ({ folder }) => star(folder, ticks.all(), !isStarred))]
      : [];
    const saving = exportRows
      ? [['JSONL', 'jsonl'] as const, ['Parquet', 'parquet'] as const].map(([label, format]) =>
          action(label, words.save(label), ({ folder }) => exportRows(folder, bar.listing(), format, ticks.all())),
        )
      : [];
    const count = element('strong', {}, words.count(ticks.count));
    return [count, beside, ...starring, ...saving, action(words.clear, null, clear)];
  };
  return { element: line, draw, clear, compare };
}
