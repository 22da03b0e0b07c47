// The curves: run list, toolbar, and a grid of charts that share one x axis, one zoom, one cursor and one step. The same
// view is the extension's panel and the report's middle part; what differs is handed in as `CurvesHost`.

import { csvOf } from '../../run/metrics_table.ts';
import { armLabel, inOrder, type RolloutSet, type RunView } from '../../run/view.ts';
import { element } from '../element.ts';
import { type KeyLine, keysButton, listenForKeys } from '../keys.ts';
import type { CurvesState, RunAction, RunStep } from '../messages.ts';
import { armOf, type RunStyle, stylesOf } from '../palette.ts';
import type { Text } from '../text.ts';
import { onThemeChange, resolved } from '../theme.ts';
import { alertList } from './alert_list.ts';
import { type ChartCard, chartCard } from './chart.ts';
import { type Chart, chartsOf, matching } from './charts.ts';
import { type Line, linesOf } from './lines.ts';
import { type Mark, marksOf } from './marks.ts';
import { type AskForSeries, missingSeries } from './missing_series.ts';
import { pictureOf } from './picture.ts';
import type { PlotColours } from './plot_options.ts';
import type { DrawnRun } from './run_curves.ts';
import { runLabel, runList } from './run_list.ts';
import { svgOf } from './svg.ts';
import { curvesToolbar, legendLine } from './toolbar.ts';
import { domainOf, xOfStep } from './x_axis.ts';

export interface CurvesHost {
  /** `filter`: only those responses; '': all. */
  open(folder: string, set: RolloutSet, filter: string): void;
  action?: (folder: string, action: RunAction) => void;
  save(name: string, encoding: 'text' | 'base64', data: string): void;
  keep(state: CurvesState): void;
  /** The step that every panel shall show; left out where there is no other panel. */
  step?: (at: RunStep) => void;
  copyLink?: (state: CurvesState) => void;
  /** Asks for metrics of a run that has only some here; left out where every run is whole. */
  series?: AskForSeries;
  /** Saves all metrics of some runs as a table. */
  table?: (name: string, folders: string[]) => void;
}

export interface CurvesView {
  element: HTMLElement;
  /** Other runs than before, or the same from the beginning. */
  show(runs: readonly DrawnRun[]): void;
  /** The same runs with more lines. */
  grow(runs: readonly DrawnRun[]): void;
  /** The same with points of metrics that were asked for. */
  answered(runs: readonly DrawnRun[]): void;
  /** Takes on another state, as a link names it. */
  restore(state: CurvesState): void;
  /** The step that the other panels show. */
  showStep(at: RunStep): void;
}

/** Milliseconds for which the smoothing stands still before long runs are asked for it. */
const PAUSE = 120;
const KEYS: readonly KeyLine[] = [
  [['/'], 'filter'],
  [['[', ']'], 'step'],
  [['←', '→'], 'cursor'],
  [['Home', 'End'], 'ends'],
  [['+', '−'], 'zoom'],
  [['Enter'], 'openStep'],
  [['Esc'], 'resetZoom'],
  [['T'], 'table'],
  [['?'], 'keys'],
];

export function curvesView(initial: CurvesState, text: Text, host: CurvesHost): CurvesView {
  let state = initial;
  let runs: readonly DrawnRun[] = [];
  let allCharts: Chart[] = [];
  const cards = new Map<string, ChartCard>();
  let asking = 0;
  const missing = host.series && missingSeries(host.series);

  const list = runList(text, { toggle: toggleRun, ...(host.action ? { action: host.action } : {}) });
  const legend = element('p', { class: 'legend quiet' });
  const alerts = alertList(text, open);
  const grids = { main: element('div', { class: 'charts' }), more: element('div', { class: 'charts' }) };
  const more = element('details', { class: 'more-charts' }, element('summary', {}, text.moreCurves), grids.more);
  const keys = keysButton(host.step ? KEYS : KEYS.filter(([, what]) => what !== 'step'), text);
  let toolbar = makeToolbar();
  const view = element(
    'div',
    { class: 'curves' },
    list.element,
    toolbar.element,
    legend,
    alerts.element,
    grids.main,
    more,
  );

  function makeToolbar() {
    return curvesToolbar(state, text, {
      change,
      resetZoom: () => change({ zoom: null }),
      save,
      ...(host.step ? { step: goToStep } : {}),
      ...(host.copyLink ? { copyLink: () => host.copyLink?.(state) } : {}),
      keys,
    });
  }

  function moveStep(by: number) {
    const last = Math.max(0, ...visible().map((run) => run.metrics.at(-1)?.step ?? 0));
    goToStep(Math.min(last, Math.max(0, (state.step?.step ?? last) + by)), true);
  }

  /** Settings of the toolbar that have changed beside it. */
  function redrawToolbar() {
    const again = makeToolbar();
    toolbar.element.replaceWith(again.element);
    toolbar = again;
  }

  function change(part: Partial<CurvesState>) {
    state = { ...state, ...part };
    host.keep(state);
    draw(part.smoothing === undefined ? 0 : PAUSE);
  }

  function open(folder: string, set: RolloutSet, filter: string) {
    change({ step: { folder, step: set.step } });
    host.open(folder, set, filter);
  }

  const fileName = () => `${runs[0]?.record.experiment ?? 'curves'}-curves`;

  /** The runs that are drawn: those not hidden, or the youngest alone while it is followed. */
  function visible(): readonly DrawnRun[] {
    if (!state.follow) return runs.filter((run) => !state.hidden.includes(run.folder));
    const youngest = [...runs].sort((a, b) => b.record.created - a.record.created);
    return youngest.slice(0, 1);
  }

  function save(format: 'png' | 'svg' | 'csv') {
    const name = `${fileName()}.${format}`;
    const folders = visible().map((run) => run.folder);
    if (format === 'csv' && host.table && visible().some((run) => run.names)) return host.table(name, folders);
    if (format === 'csv') return host.save(name, 'text', csvOf(visible()));
    // a picture has every chart, also those that never were in view
    if (missing?.ask(visible(), [...cards.keys()], state, () => save(format))) return;
    const shown = [...grids.main.children, ...(more.open ? grids.more.children : [])].flatMap((child) =>
      [...cards.values()].filter((card) => card.element === child),
    );
    const styles = stylesOf(runs);
    const arms = new Map<string, { label: string; colour: string }>();
    for (const run of visible()) {
      const label = joined() ? armLabel(run.record) : runLabel(run, text);
      arms.set(label, { label, colour: resolved(styles[runs.indexOf(run)]?.variable ?? '--ink') });
    }
    const entries = [...arms.values()];
    if (format === 'svg') {
      const data = svgOf(
        shown.flatMap((card) => card.picture() ?? []),
        entries,
        fileName(),
      );
      if (data) host.save(name, 'text', data);
    } else {
      const data = pictureOf(shown, entries, fileName(), colours(), fontOf(13));
      if (data) host.save(name, 'base64', data);
    }
  }

  function goToStep(step: number, done: boolean) {
    const shown = visible();
    const run = shown.find(({ folder }) => folder === state.step?.folder) ?? shown[0];
    if (!run) return;
    change({ step: { folder: run.folder, step } });
    if (done) host.step?.({ folder: run.folder, step });
  }

  function toggleRun(folder: string, alone: boolean) {
    const hidden = state.follow
      ? runs.map((run) => run.folder).filter((other) => !visible().some((run) => run.folder === other))
      : state.hidden;
    const others = runs.map((run) => run.folder).filter((other) => other !== folder);
    const next = alone
      ? others.every((other) => hidden.includes(other))
        ? []
        : others
      : hidden.includes(folder)
        ? hidden.filter((other) => other !== folder)
        : [...hidden, folder];
    change({ hidden: next, follow: false });
  }

  /** Some arm that is shown has more than one run, and they are drawn as one. */
  function joined(): boolean {
    return state.seeds !== 'each' && joinable();
  }

  function joinable(): boolean {
    const arms = visible().map((run) => armOf(run));
    return new Set(arms).size < arms.length;
  }

  /** `pause`: milliseconds until what is missing is asked for. */
  function draw(pause = 0) {
    const styles = stylesOf(runs);
    const shown = visible();
    const folders = new Set(shown.map((run) => run.folder));
    list.show(runs, styles, new Set(runs.filter((run) => !folders.has(run.folder)).map((run) => run.folder)));
    const last = Math.max(0, ...shown.map((run) => run.metrics.at(-1)?.step ?? 0));
    const step = state.step?.step ?? null;
    toolbar.show({ zoomed: state.zoom !== null, last, step, seeds: joinable(), follow: state.follow });
    alerts.show(shown, (run) => runLabel(run, text));
    const charts = chartsToDraw();
    if (!charts) return;
    const drawing = {
      x: state.x,
      logX: state.logX,
      logY: state.logY,
      smoothing: state.smoothing,
      table: state.table,
      zoom: state.zoom,
      domain: domainOf(shown, state.x),
      colours: colours(),
      font: fontOf(11),
      label: (line: Line) => labelOf(line, shown),
      current: currentPlaces(shown),
    };
    const runColours = new Map(runs.map((run, i) => [run.folder, resolved(styles[i]?.variable ?? '--ink')]));
    const runStyles = new Map(runs.map((run, i) => [run.folder, styles[i]]));
    const happened = shown.map((run) =>
      marksOf(run, runLabel(run, text), runColours.get(run.folder) ?? '', state.x, text),
    );
    const marks: Mark[] = state.markers ? happened.flat() : [];
    legend.replaceChildren(...legendLine(text, state.seeds, joined(), new Set(marks.map((mark) => mark.kind))));
    legend.hidden = legend.childElementCount === 0;
    const groupOf = (folder: string) => {
      const run = runs.find((other) => other.folder === folder);
      return run ? armOf(run) : folder;
    };
    for (const chart of charts) {
      const curves = chart.curves.filter((curve) => folders.has(curve.folder));
      const lines = linesOf(curves, groupOf, state);
      cards.get(chart.id)?.show(chart, {
        ...drawing,
        marks,
        styles: lines.map((line) => ({ line, ...styleOf(line, runColours, runStyles) })),
      });
    }
    if (pause > 0) askSoon(pause);
    else askForMissing();
  }

  /** Cards come near together, and a slider moves on: what is missing is asked for at once. */
  function askSoon(pause = 0) {
    window.clearTimeout(asking);
    asking = window.setTimeout(askForMissing, pause);
  }

  /** Points of the charts that are near the window's view. */
  function askForMissing() {
    const near = [...cards].flatMap(([id, card]) => (card.isNear() ? [id] : []));
    missing?.ask(visible(), near, state);
  }

  /** Makes and orders the cards; null: there is nothing to draw, which is said. */
  function chartsToDraw(): Chart[] | null {
    const all = matching(allCharts, state.filter);
    // A filter shows what it finds, folded or not.
    const unfolded = state.more || state.filter !== '';
    more.open = unfolded;
    more.hidden = all.every((chart) => chart.part === 'main');
    const charts = all.filter((chart) => unfolded || chart.part === 'main');
    const wanted = new Set(charts.map((chart) => chart.id));
    for (const [id, card] of cards) {
      if (wanted.has(id)) continue;
      card.dispose();
      cards.delete(id);
    }
    for (const part of ['main', 'more'] as const) {
      const grid = grids[part];
      const elements = charts
        .filter((chart) => chart.part === part)
        .map((chart) => (cards.get(chart.id) ?? addCard(chart)).element);
      if (elements.length !== grid.children.length || elements.some((one, index) => grid.children[index] !== one)) {
        grid.replaceChildren(...elements);
      }
    }
    if (all.length > 0) return charts;
    const words = runs.length > 0 && runs.every((run) => run.metrics.length === 0) ? text.noMetrics : text.noMatch;
    grids.main.replaceChildren(element('p', { class: 'notice' }, words));
    return null;
  }

  function labelOf(line: Line, shown: readonly RunView[]): string {
    const members = shown.filter((run) => line.members.some((curve) => curve.folder === run.folder));
    const [run] = members;
    if (!run) return '';
    const alone = shown.filter((other) => armOf(other) === armOf(run)).length === 1;
    const arm = armLabel(run.record);
    const name = members.length > 1 ? `${arm} ×${members.length}` : alone ? arm : `${arm} ${run.record.seed}`;
    if (line.kind === 'line') return name;
    const other = line.kind === 'motivation' ? 'none' : 'motivation';
    const both = run.events.some((event) => event.kind === 'evaluation' && event.prompt === other);
    return both ? `${name} ${line.kind === 'motivation' ? text.withMotivation : text.withoutMotivation}` : name;
  }

  /** Where the step that all panels show lies, on this x axis, for the run that is read. */
  function currentPlaces(shown: readonly RunView[]): number[] {
    const at = state.step;
    if (!at) return [];
    const run = shown.find(({ folder }) => folder === at.folder) ?? (state.x === 'step' ? shown[0] : undefined);
    return run ? [xOfStep(run, state.x, at.step)].filter(Number.isFinite) : [];
  }

  function addCard(chart: Chart): ChartCard {
    const card = chartCard(
      {
        cursor: (x) => {
          for (const other of cards.values()) if (other !== card) other.moveCursor(x);
        },
        zoom: (range) => change({ zoom: range && [range[0], range[1]] }),
        open: (folder, set) => open(folder, set, ''),
        near: () => askSoon(),
      },
      text,
    );
    cards.set(chart.id, card);
    return card;
  }

  more.addEventListener('toggle', () => {
    if (state.filter === '' && more.open !== state.more) change({ more: more.open });
  });
  const take = (next: readonly DrawnRun[]) => {
    runs = inOrder(next);
    allCharts = chartsOf(runs, text);
    draw();
  };
  onThemeChange(() => draw());
  // in a report the keys are those of the part that has the focus
  listenForKeys(host.step ? document : view, {
    '/': () => toolbar.element.querySelector('input')?.focus(),
    t: () => {
      change({ table: !state.table });
      redrawToolbar();
      draw();
    },
    ...(host.step ? { '[': () => moveStep(-1), ']': () => moveStep(1) } : {}),
  });
  return {
    element: view,
    show(next) {
      missing?.forget();
      take(next);
    },
    grow: take,
    answered(next) {
      take(next);
      missing?.answered();
    },
    restore(next) {
      state = next;
      redrawToolbar();
      change({});
    },
    showStep(step) {
      change({ step });
    },
  };
}

/** The colour of the line's first run; dashes tell seeds apart, so a mean has none. */
function styleOf(
  line: Line,
  colours: ReadonlyMap<string, string>,
  styles: ReadonlyMap<string, RunStyle | undefined>,
): { colour: string; dash: number[] } {
  const folder = line.members[0]?.folder ?? '';
  return { colour: colours.get(folder) ?? '', dash: line.members.length > 1 ? [] : (styles.get(folder)?.dash ?? []) };
}

function colours(): PlotColours {
  return {
    ink: resolved('--ink'),
    quiet: resolved('--quiet'),
    grid: resolved('--grid'),
    ground: resolved('--ground'),
    warn: resolved('--warn'),
    good: resolved('--good'),
    bad: resolved('--bad'),
    accent: resolved('--accent'),
  };
}

function fontOf(size: number): string {
  return `${size}px ${getComputedStyle(document.body).fontFamily}`;
}
