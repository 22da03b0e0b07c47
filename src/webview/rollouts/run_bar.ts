// The bar that follows the run as it grows: which run, which file of its rollouts, all steps, and what the list can be
// saved as. While it is in use it waits, so that no slider jumps under the hand.

import type { RolloutSet } from '../../run/view.ts';
import { button, choice, element, toggle } from '../element.ts';
import { keepFocus } from '../kept_focus.ts';
import type { RolloutsState } from '../messages.ts';
import type { Text } from '../text.ts';
import type { RolloutsHost, RolloutsRun } from './contract.ts';
import { setPicker } from './set_picker.ts';

interface Showing {
  run: RolloutsRun;
  state: RolloutsState;
  listing: number;
}

export interface RunBarHost {
  /** What lists the keys. */
  keys: HTMLElement;
  /** What is shown now; null: no run yet. */
  showing(): Showing | null;
  goTo(set: RolloutSet): void;
  /** Lists the whole run, or one set. */
  showWhole(whole: boolean): void;
}

export interface RunBar {
  element: HTMLElement;
  /** `byHand`: what it shows was changed in it, so it does not wait. */
  draw(byHand: boolean): void;
}

export function runBar(host: RolloutsHost, bar: RunBarHost, text: Text): RunBar {
  const line = element('div', { class: 'toolbar' });
  let waits = false;

  const draw = (byHand: boolean) => {
    const showing = bar.showing();
    if (!showing) return;
    waits = line.contains(document.activeElement) && !byHand;
    if (waits) return;
    const { run, state } = showing;
    const runs = choice(
      text.run,
      run.siblings.map(({ folder, label }) => ({ value: folder, label })),
      run.folder,
      (folder) => host.selectRun(folder, state.set),
    );
    const sets = setPicker(run.sets, state.set, text, bar.goTo);
    for (const part of sets.slice(1)) part.toggleAttribute('data-off', state.whole);
    const whole = run.sets.length > 1 ? [toggle(text.wholeRun, state.whole, bar.showWhole)] : [];
    const space = element('span', { class: 'spacer' });
    keepFocus(line, () =>
      line.replaceChildren(
        runs,
        ...sets,
        ...whole,
        space,
        element('span', { class: 'ending' }, ...exports(), bar.keys),
      ),
    );
  };

  /** A button for what is listed when it is pressed. */
  const action = (label: string, title: string | null, act: (showing: Showing) => void) =>
    button(label, { class: 'quiet-button', ...(title !== null && { title }) }, () => {
      const now = bar.showing();
      if (now) act(now);
    });
  const exports = (): HTMLElement[] => {
    const { exportRows, copyLink } = host;
    if (!exportRows) return [];
    const save = (label: string, format: 'jsonl' | 'parquet') =>
      action(label, text.exportList(label), ({ run, listing }) => exportRows(run.folder, listing, format, null));
    const link = copyLink ? [action(text.copyLink, null, ({ state }) => copyLink(state))] : [];
    return [save('JSONL', 'jsonl'), save('Parquet', 'parquet'), ...link];
  };

  line.addEventListener('focusout', (event) => {
    const stays = event.relatedTarget instanceof Node && line.contains(event.relatedTarget);
    if (waits && !stays) queueMicrotask(() => draw(true));
  });
  return { element: line, draw };
}
