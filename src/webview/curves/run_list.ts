// The head of the curves panel: one line for each run with its state, progress, time left and results. It is the
// legend too: the swatch is the run's line, and a click shows or hides it.

import { durationText, numberText, shareText } from '../../run/number_text.ts';
import { evaluationsOf, type RunView, secondsLeft } from '../../run/view.ts';
import { button, element } from '../element.ts';
import type { RunAction } from '../messages.ts';
import type { RunStyle } from '../palette.ts';
import { swatch } from '../swatch.ts';
import type { Text } from '../text.ts';

export interface RunListEvents {
  toggle(folder: string, alone: boolean): void;
  /** Not given in a report, where nothing can be done to a run. */
  action?: (folder: string, action: RunAction) => void;
}

/** `merf · seed 2`. */
export function runLabel(run: RunView, text: Text): string {
  return `${run.record.arm} · ${text.seed(run.record.seed)}`;
}

export function runList(
  runs: readonly RunView[],
  styles: readonly RunStyle[],
  hidden: ReadonlySet<string>,
  text: Text,
  events: RunListEvents,
): HTMLElement {
  const heads = [text.run, text.state, text.progress, text.timeLeft, text.stepTime, text.reward, text.heldOut];
  const classes = new Map([
    [text.stepTime, 'number step-time'],
    [text.reward, 'number'],
    [text.timeLeft, 'number'],
  ]);
  const head = heads.map((name) => element('th', { scope: 'col', class: classes.get(name) ?? '' }, name));
  if (events.action) head.push(element('th', { scope: 'col' }, element('span', { class: 'hidden-text' }, '⋯')));
  const rows = runs.map((run, index) => runRow(run, styles[index], !hidden.has(run.folder), text, events));
  return element(
    'div',
    { class: 'runs' },
    element('table', {}, element('thead', {}, element('tr', {}, ...head)), element('tbody', {}, ...rows)),
  );
}

function runRow(run: RunView, style: RunStyle | undefined, shown: boolean, text: Text, events: RunListEvents) {
  const { record, metrics, folder } = run;
  const label = runLabel(run, text);
  const name = button(
    element('span', {}, swatch('line', `var(${style?.variable ?? '--ink'})`, style?.dash ?? []), label),
    { class: 'run-name', 'aria-pressed': String(shown), title: text.showRun(label) },
    (event) => events.toggle(folder, event.altKey || event.ctrlKey || event.metaKey),
  );
  const state = element('span', { class: 'state', 'data-status': record.status }, text.status[record.status]);
  if (record.reason) state.title = record.reason;
  const bar = element('progress', { 'aria-label': `${record.step} / ${record.steps}` });
  bar.max = Math.max(1, record.steps);
  bar.value = record.step;
  const left = secondsLeft(record, metrics);
  const last = metrics.at(-1);
  const row = element(
    'tr',
    { 'data-shown': String(shown) },
    element('th', { scope: 'row' }, name),
    element('td', {}, state),
    element('td', { class: 'progress' }, bar, element('span', {}, `${record.step} / ${record.steps}`)),
    element('td', { class: 'number' }, left === null ? '' : durationText(left)),
    element('td', { class: 'number step-time' }, last ? durationText(last.time / Math.max(1, metrics.length)) : ''),
    element('td', { class: 'number' }, last?.values.reward === undefined ? '' : numberText(last.values.reward)),
    element('td', {}, heldOutText(run)),
  );
  if (events.action) row.append(element('td', { class: 'actions' }, ...actions(run, text, events.action)));
  return row;
}

/** `27.0% → 45.3%`, under the arm's own prompt where it was asked, else without motivation. */
function heldOutText(run: RunView): string {
  const own = evaluationsOf(run.events, 'motivation');
  const points = own.length > 0 ? own : evaluationsOf(run.events, 'none');
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  return first === last ? shareText(first.accuracy) : `${shareText(first.accuracy)} → ${shareText(last.accuracy)}`;
}

function actions(run: RunView, text: Text, act: (folder: string, action: RunAction) => void): HTMLElement[] {
  const { status } = run.record;
  const one = (action: RunAction, label: string) => button(label, {}, () => act(run.folder, action));
  const made = [one('rollouts', text.rollouts), one('log', text.log)];
  if (status === 'running' || status === 'starting') made.push(one('stop', text.stop));
  if (status === 'stopped' || status === 'failed') made.push(one('resume', text.resume));
  return made;
}
