// The head of the curves panel: one line for each run with its state, progress, time left and results. It is the
// legend too: the swatch is the run's line, and a click shows or hides it. Lines are kept and their words changed, so
// that neither focus nor a half-done click is lost while a run goes on.

import { durationText, numberText, shareText } from '../../run/number_text.ts';
import { armLabel, evaluationsOf, type RunView, secondsLeft } from '../../run/view.ts';
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

export interface RunList {
  element: HTMLElement;
  show(runs: readonly RunView[], styles: readonly RunStyle[], hidden: ReadonlySet<string>): void;
}

/** `merf · seed 2`. */
export function runLabel(run: RunView, text: Text): string {
  return `${armLabel(run.record)} · ${text.seed(run.record.seed)}`;
}

export function runList(text: Text, events: RunListEvents): RunList {
  const columns: [name: string, kind: string][] = [
    [text.run, ''],
    [text.state, ''],
    [text.progress, ''],
    [text.timeLeft, 'number time-left'],
    [text.stepTime, 'number step-time'],
    [text.reward, 'number'],
    [text.heldOut, ''],
  ];
  const head = columns.map(([name, kind]) => element('th', { scope: 'col', class: kind }, name));
  if (events.action)
    head.push(element('th', { scope: 'col' }, element('span', { class: 'hidden-text' }, text.actions)));
  const body = element('tbody');
  const table = element('table', { 'aria-label': text.runs }, element('thead', {}, element('tr', {}, ...head)), body);
  let rows: RunRow[] = [];
  let drawn = '';
  return {
    element: element('div', { class: 'runs' }, table),
    show(runs, styles, hidden) {
      const key = JSON.stringify(runs.map((run, index) => [run.folder, runLabel(run, text), styles[index]]));
      if (key !== drawn) {
        rows = runs.map((run, index) => runRow(run, styles[index], text, events));
        body.replaceChildren(...rows.map((row) => row.element));
        drawn = key;
      }
      table.toggleAttribute(
        'data-ended',
        runs.every(({ record, metrics }) => secondsLeft(record, metrics) === null),
      );
      runs.forEach((run, index) => {
        rows[index]?.show(run, !hidden.has(run.folder));
      });
    },
  };
}

interface RunRow {
  element: HTMLElement;
  show(run: RunView, shown: boolean): void;
}

function runRow(first: RunView, style: RunStyle | undefined, text: Text, events: RunListEvents): RunRow {
  const { folder } = first;
  const label = runLabel(first, text);
  const name = button(
    element('span', {}, swatch('line', `var(${style?.variable ?? '--ink'})`, style?.dash ?? []), label),
    { class: 'run-name', title: text.showRun(label) },
    (event) => events.toggle(folder, event.altKey || event.ctrlKey || event.metaKey),
  );
  const state = element('span', { class: 'state' });
  const bar = element('progress');
  const steps = element('span');
  const left = element('td', { class: 'number time-left' });
  const pace = element('td', { class: 'number step-time' });
  const reward = element('td', { class: 'number' });
  const heldOut = element('td');
  const actions = element('td', { class: 'actions' });
  const row = element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, state));
  row.append(element('td', { class: 'progress' }, bar, steps), left, pace, reward, heldOut);
  if (events.action) row.append(actions);
  return {
    element: row,
    show(run, shown) {
      const { record, metrics } = run;
      row.dataset.shown = String(shown);
      name.setAttribute('aria-pressed', String(shown));
      if (state.dataset.status !== record.status) {
        state.dataset.status = record.status;
        state.textContent = text.status[record.status];
        if (events.action) actions.replaceChildren(...actionsOf(run, text, events.action));
      }
      state.title = record.reason ?? '';
      bar.max = Math.max(1, record.steps);
      bar.value = record.step;
      steps.textContent = `${record.step} / ${record.steps}`;
      bar.setAttribute('aria-label', steps.textContent);
      const seconds = secondsLeft(record, metrics);
      const last = metrics.at(-1);
      left.textContent = seconds === null ? '' : durationText(seconds);
      pace.textContent = last ? durationText(last.time / Math.max(1, last.step)) : '';
      reward.textContent = last?.values.reward === undefined ? '' : numberText(last.values.reward);
      heldOut.textContent = heldOutText(run);
    },
  };
}

/** `27.0% → 45.3%`, under the arm's own prompt where it was asked, else without motivation. */
function heldOutText(run: RunView): string {
  const own = evaluationsOf(run.events, 'motivation');
  const points = own.length > 0 ? own : evaluationsOf(run.events, 'none');
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return '';
  return first === last ? shareText(first.accuracy) : `${shareText(first.accuracy)} → ${shareText(last.accuracy)}`;
}

function actionsOf(run: RunView, text: Text, act: (folder: string, action: RunAction) => void): HTMLElement[] {
  const { status } = run.record;
  const one = (action: RunAction, label: string) => button(label, {}, () => act(run.folder, action));
  const made = [one('rollouts', text.rollouts), one('log', text.log)];
  if (status === 'running' || status === 'starting') made.push(one('stop', text.stop));
  if (status === 'stopped' || status === 'failed') made.push(one('resume', text.resume));
  return made;
}
