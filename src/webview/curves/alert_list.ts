// What the watches of the shown runs saw, the latest first: each says what was measured and where to look, and leads to
// the responses that show it, or else to the rollouts of its step. Folded to its latest line.

import { alertText, evidenceFilter } from '../../run/alarm_words.ts';
import type { RolloutSet, RunView } from '../../run/view.ts';
import { button, element } from '../element.ts';
import type { Text } from '../text.ts';

/** More are in the log of the run. */
const MOST = 50;

export interface AlertList {
  element: HTMLElement;
  /** `nameOf` a run, as the other parts of the panel call it. */
  show(runs: readonly RunView[], nameOf: (run: RunView) => string): void;
}

export function alertList(text: Text, open: (folder: string, set: RolloutSet, filter: string) => void): AlertList {
  const summary = element('summary');
  const list = element('ol');
  const all = element('details', { class: 'alerts' }, summary, list);
  let drawn = '';
  return {
    element: all,
    show(runs, nameOf) {
      const alerts = runs.flatMap((run) =>
        run.events.flatMap((event) =>
          event.kind === 'alert'
            ? [{ event, folder: run.folder, name: `${nameOf(run)} · ${text.step} ${event.step}` }]
            : [],
        ),
      );
      // steps of several runs lie beside each other: the later step first, whichever run it is of
      alerts.sort((a, b) => b.event.step - a.event.step);
      const key = JSON.stringify(alerts);
      if (key === drawn) return;
      drawn = key;
      all.hidden = alerts.length === 0;
      const [latest] = alerts;
      if (latest === undefined) return;
      summary.replaceChildren(
        element('strong', {}, text.lookHere(alerts.length)),
        element('span', {}, `${latest.name}: ${alertText(latest.event, text.language)}`),
      );
      list.replaceChildren(
        ...alerts.slice(0, MOST).map(({ event, folder, name }) => {
          const set: RolloutSet = { kind: event.set ?? 'train', step: event.step };
          const filter = evidenceFilter(event);
          const label = filter === '' ? text.showStep : text.showEvidence(event.rollouts?.length ?? 0);
          const words = alertText(event, text.language);
          return element(
            'li',
            { 'data-level': event.level ?? 'warn' },
            element('span', { class: 'quiet' }, name),
            element('span', { title: event.watch }, words),
            button(label, { 'aria-label': `${label}: ${words}` }, () => open(folder, set, filter)),
          );
        }),
      );
    },
  };
}
