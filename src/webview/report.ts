// The report: one page with its data inside, made of the panels' own views. It loads nothing and sends nothing.

import 'uplot/dist/uPlot.min.css';
import './theme.css';
import './curves.css';
import './rollouts.css';
import './report.css';
import { config, type z } from 'zod';
import { armLabel, inOrder, ReportView, type RolloutSet } from '../run/view.ts';
import { curvesView } from './curves/view.ts';
import { element } from './element.ts';
import { CurvesState, type ReportState, RolloutsState } from './messages.ts';
import { stylesOf } from './palette.ts';
import { setupSection } from './report/setup.ts';
import { summarySection } from './report/summary_table.ts';
import type { RolloutsView } from './rollouts/contract.ts';
import { EmbeddedRollouts } from './rollouts/embedded.ts';
import { rolloutsView } from './rollouts/view.ts';
import { textOf } from './text.ts';

config({ jitless: true });

const report = ReportView.parse(JSON.parse(document.getElementById('data')?.textContent ?? 'null'));
const text = textOf(report.language);
const runs = inOrder(report.runs);
const main = element('main', { class: 'report' });
document.body.append(main);

declare const acquireVsCodeApi: (() => { setState(state: z.infer<typeof ReportState>): void }) | undefined;
// in VS Code, which gives the page back after a reload of the window; in a browser there is no such thing
if (typeof acquireVsCodeApi === 'function')
  acquireVsCodeApi().setState({ experiment: runs[0]?.record.experiment ?? '' });

const doc = runs[0]?.record.specification.doc ?? '';
const when = new Date(report.made).toLocaleString(report.language, { dateStyle: 'long', timeStyle: 'short' });
main.append(
  element(
    'header',
    { class: 'title' },
    element('p', { class: 'kicker' }, text.report),
    element('h1', {}, report.title),
    doc ? element('p', { class: 'lead' }, doc) : null,
    element('p', { class: 'quiet note' }, text.made(when, report.version)),
  ),
  section(text.summary, summarySection(runs, stylesOf(runs), text)),
);

const rolloutsPart = traces();
const curves = curvesView(CurvesState.parse({ folder: runs[0]?.folder ?? '' }), text, {
  open: (folder, set, filter) => {
    rolloutsPart?.show(folder, set, filter);
    rolloutsPart?.section.scrollIntoView({ behavior: 'smooth' });
  },
  save: download,
  keep: () => {},
});
main.append(section(text.curves, element('p', { class: 'quiet note' }, text.curvesNote), curves.element));
curves.show(runs);
if (rolloutsPart) main.append(rolloutsPart.section);
main.append(section(text.setup, setupSection(runs, text)));

function section(title: string, ...parts: Node[]): HTMLElement {
  return element('section', { class: 'report-part' }, element('h2', {}, title), ...parts);
}

/** The rollouts view, answered from the embedded data instead of a host. */
function traces(): { section: HTMLElement; show(folder: string, set: RolloutSet, filter: string): void } | null {
  const holders = new Map(
    runs.flatMap((run): [string, EmbeddedRollouts][] => {
      const entries = report.rollouts.filter((entry) => entry.folder === run.folder);
      return entries.length === 0 ? [] : [[run.folder, new EmbeddedRollouts(run, entries)]];
    }),
  );
  const [first] = holders.keys();
  if (first === undefined) return null;
  const siblings = runs
    .filter(({ folder }) => holders.has(folder))
    .map(({ folder, record }) => ({ folder, label: `${armLabel(record)} · ${text.seed(record.seed)}` }));
  const showRun = (folder: string, selected: RolloutSet | null, filter = '') => {
    const run = runs.find((other) => other.folder === folder);
    if (!run || !holders.has(folder)) return;
    const sets = report.rollouts.filter((entry) => entry.folder === folder).map((entry) => entry.set);
    const metrics = Object.keys(run.metrics.at(-1)?.values ?? {});
    const asked = filter === '' ? {} : { state: RolloutsState.parse({ folder, filter }) };
    view.showRun({ folder, record: run.record, siblings, sets, metrics }, selected, asked);
  };
  const view: RolloutsView = rolloutsView(RolloutsState.parse({ folder: first }), text, {
    list: (folder, listing, query, open) => queueMicrotask(() => holders.get(folder)?.list(view, listing, query, open)),
    items: (folder, listing, from, to) => queueMicrotask(() => holders.get(folder)?.items(view, listing, from, to)),
    sample: (folder, place) => queueMicrotask(() => holders.get(folder)?.sample(view, place)),
    selectRun: showRun,
    copy: (words) => void navigator.clipboard?.writeText(words),
    keep: () => {},
  });
  showRun(first, null);
  return {
    show: (folder, set, filter) => (filter === '' ? view.goTo(folder, set) : showRun(folder, set, filter)),
    section: section(text.traces, element('p', { class: 'quiet note' }, text.tracesNote), view.element),
  };
}

function download(name: string, encoding: 'text' | 'base64', data: string): void {
  const bytes = encoding === 'text' ? data : Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = element('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
