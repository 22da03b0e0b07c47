// The summary of a report: the findings, and a table with a small picture in each row: the held-out accuracy before
// (open) and after (filled) with their intervals, on one axis for all rows, the constant guess and
// chance as lines.

import { durationText, numberText, shareText } from '../../run/number_text.ts';
import type { EvaluationLine, RunView } from '../../run/view.ts';
import { element } from '../element.ts';
import type { RunStyle } from '../palette.ts';
import { swatch } from '../swatch.ts';
import type { Text } from '../text.ts';
import { changeText, findings, passTexts, resultText, type SummaryRow, summaryRows } from './summary.ts';

export function summarySection(runs: readonly RunView[], styles: readonly RunStyle[], text: Text): HTMLElement {
  const rows = summaryRows(runs, text);
  const first = rows[0];
  if (!first) return element('p', { class: 'quiet' }, text.noEvaluation);
  const reach = Math.min(
    1,
    Math.max(...rows.flatMap((row) => [row.before.interval[1], row.after.interval[1], ...guesses(row.after)])) * 1.1,
  );
  const hasBest = runs.some(({ record }) => record.best !== undefined);
  const heads = [
    text.arm,
    text.promptUsed,
    text.before,
    text.after,
    text.change,
    text.heldOut,
    text.steps,
    text.trained,
    ...(hasBest ? [text.bestCheckpoint] : []),
  ];
  const body = rows.map((row, index) => {
    const again = rows[index - 1]?.run === row.run;
    const style = styles[runs.indexOf(row.run)];
    const name = element('th', { scope: 'row' });
    if (again) name.append(element('span', { class: 'hidden-text' }, row.label));
    else name.append(swatch('line', `var(${style?.variable ?? '--ink'})`, style?.dash ?? []), row.label);
    return element(
      'tr',
      { 'data-first': String(!again) },
      name,
      element('td', {}, row.prompt === 'motivation' ? text.withMotivation : text.withoutMotivation),
      element('td', { class: 'number' }, resultText(row.before)),
      element(
        'td',
        { class: 'number' },
        element('span', { class: 'strong' }, resultText(row.after)),
        ...passTexts(row.after).map((words) => element('div', { class: 'quiet' }, words)),
      ),
      element('td', { class: 'number' }, changeText(row)),
      element('td', {}, picture(row, style?.variable ?? '--ink', reach)),
      element('td', { class: 'number' }, again ? '' : `${row.run.record.step} / ${row.run.record.steps}`),
      element('td', { class: 'number' }, again ? '' : durationText(row.run.record.trainedSeconds)),
      ...(hasBest ? [element('td', {}, again ? '' : bestText(row.run, text))] : []),
    );
  });
  const { constant, chance = null } = first.after;
  const notes = [text.rows(first.after.rows, first.after.structures), text.intervalNote];
  if (constant !== null) notes.push(text.constantNote(shareText(constant)));
  if (chance !== null) notes.push(text.chanceNote(shareText(chance)));
  return element(
    'div',
    {},
    element('ul', { class: 'findings' }, ...findings(rows, text).map((finding) => element('li', {}, finding))),
    element(
      'div',
      { class: 'scroll' },
      element(
        'table',
        { class: 'summary' },
        element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, ...body),
      ),
    ),
    element('p', { class: 'quiet note' }, notes.join(' · ')),
  );
}

/** What knowing nothing gets: the best constant answer, and one by chance. */
function guesses({ constant, chance = null }: EvaluationLine): number[] {
  return [constant, chance].flatMap((guess) => guess ?? []);
}

function bestText({ record: { best } }: RunView, text: Text): string {
  return best === undefined ? '' : text.bestAt(best.step, best.metric, numberText(best.value));
}

const WIDTH = 170;
const HEIGHT = 26;

function picture(row: SummaryRow, variable: string, reach: number): SVGElement {
  const x = (share: number) => 4 + (share / reach) * (WIDTH - 8);
  const drawing = svg('svg', {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    width: WIDTH,
    height: HEIGHT,
    'aria-hidden': 'true',
  });
  drawing.append(svg('line', { class: 'axis', x1: x(0), x2: x(reach), y1: HEIGHT / 2, y2: HEIGHT / 2 }));
  for (const guess of guesses(row.after)) {
    drawing.append(svg('line', { class: 'constant', x1: x(guess), x2: x(guess), y1: 1, y2: HEIGHT - 1 }));
  }
  drawing.append(...range(row.before, variable, x, HEIGHT / 2 + 5, false));
  if (row.after !== row.before) drawing.append(...range(row.after, variable, x, HEIGHT / 2 - 5, true));
  return drawing;
}

function range(at: EvaluationLine, variable: string, x: (share: number) => number, y: number, filled: boolean) {
  const line = svg('line', { class: 'range', x1: x(at.interval[0]), x2: x(at.interval[1]), y1: y, y2: y });
  const dot = svg('circle', { class: filled ? 'dot' : 'dot open', cx: x(at.accuracy), cy: y, r: 3.6 });
  for (const part of [line, dot]) part.style.color = `var(${variable})`;
  return [line, dot];
}

function svg(tag: 'svg' | 'line' | 'circle', attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
