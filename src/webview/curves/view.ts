// The curves: run list, toolbar, and a grid of charts that share one x axis, one zoom and one cursor. The same view is
// the extension's panel and the report's middle part; what differs is handed in as `CurvesHost`.

import { armLabel, inOrder, type RolloutSet, type RunView } from '../../run/view.ts';
import { button, choice, element, searchBox, toggle } from '../element.ts';
import type { CurvesState, RunAction } from '../messages.ts';
import { stylesOf } from '../palette.ts';
import type { Text } from '../text.ts';
import { onThemeChange, resolved } from '../theme.ts';
import { type ChartCard, chartCard } from './chart.ts';
import { type Chart, type Curve, chartsOf, matching } from './charts.ts';
import { csvOf } from './csv.ts';
import type { Mark } from './marks.ts';
import { pictureOf } from './picture.ts';
import type { PlotColours } from './plot_options.ts';
import { runLabel, runList } from './run_list.ts';

export interface CurvesHost {
  open(folder: string, set: RolloutSet): void;
  action?: (folder: string, action: RunAction) => void;
  save(name: string, encoding: 'text' | 'base64', data: string): void;
  keep(state: CurvesState): void;
}

export interface CurvesView {
  element: HTMLElement;
  show(runs: readonly RunView[]): void;
}

export function curvesView(initial: CurvesState, text: Text, host: CurvesHost): CurvesView {
  let state = initial;
  let runs: readonly RunView[] = [];
  let zoom: readonly [number, number] | null = null;
  const cards = new Map<string, ChartCard>();

  const list = runList(text, { toggle: toggleRun, ...(host.action ? { action: host.action } : {}) });
  const grids = { main: element('div', { class: 'charts' }), more: element('div', { class: 'charts' }) };
  const more = element('details', { class: 'more-charts' }, element('summary', {}, text.moreCurves), grids.more);
  const reset = button(text.resetZoom, {}, () => setZoom(null));
  const view = element('div', { class: 'curves' }, list.element, toolbar(), grids.main, more);

  const change = (part: Partial<CurvesState>) => {
    state = { ...state, ...part };
    host.keep(state);
    draw();
  };

  function toolbar(): HTMLElement {
    const slider = element('input');
    slider.type = 'range';
    slider.min = '0';
    slider.max = '0.95';
    slider.step = '0.05';
    slider.value = String(state.smoothing);
    const amount = element('output', {}, state.smoothing.toFixed(2));
    slider.addEventListener('input', () => {
      amount.textContent = Number(slider.value).toFixed(2);
      change({ smoothing: Number(slider.value) });
    });
    const axes = [
      { value: 'step', label: text.step },
      { value: 'time', label: text.time },
    ] as const;
    return element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': text.curves },
      searchBox(text.filterCurves, state.filter, (filter) => change({ filter })),
      element('label', { class: 'field' }, element('span', {}, text.smoothing), slider, amount),
      choice(text.xAxis, axes, state.x, (x) => {
        zoom = null;
        change({ x });
      }),
      toggle(text.logAxis, state.log, (log) => change({ log })),
      toggle(text.markers, state.markers, (markers) => change({ markers })),
      element('span', { class: 'spacer' }),
      reset,
      button(text.exportPng, { title: 'PNG' }, () => savePicture()),
      button(text.exportCsv, { title: 'CSV' }, () => host.save(`${fileName()}.csv`, 'text', csvOf(visible()))),
    );
  }

  const fileName = () => `${runs[0]?.record.experiment ?? 'curves'}-curves`;
  const visible = () => runs.filter((run) => !state.hidden.includes(run.folder));

  function savePicture() {
    const shown = [...grids.main.children, ...(more.open ? grids.more.children : [])].flatMap((child) =>
      [...cards.values()].filter((card) => card.element === child),
    );
    const legend = visible().map((run) => ({
      label: runLabel(run, text),
      colour: resolved(stylesOf(runs)[runs.indexOf(run)]?.variable ?? '--ink'),
    }));
    const data = pictureOf(shown, legend, fileName(), colours(), fontOf(13));
    if (data) host.save(`${fileName()}.png`, 'base64', data);
  }

  function setZoom(range: readonly [number, number] | null) {
    zoom = range;
    draw();
  }

  function toggleRun(folder: string, alone: boolean) {
    const others = runs.map((run) => run.folder).filter((other) => other !== folder);
    if (alone) change({ hidden: others.every((other) => state.hidden.includes(other)) ? [] : others });
    else if (state.hidden.includes(folder)) change({ hidden: state.hidden.filter((other) => other !== folder) });
    else change({ hidden: [...state.hidden, folder] });
  }

  function draw() {
    const styles = stylesOf(runs);
    list.show(runs, styles, new Set(state.hidden));
    reset.disabled = zoom === null;
    const shown = visible();
    const all = matching(chartsOf(runs, text), state.filter);
    // A filter shows what it finds, folded or not.
    const unfolded = state.more || state.filter !== '';
    more.open = unfolded;
    more.hidden = all.every((chart) => chart.part === 'main');
    const charts = all.filter((chart) => unfolded || chart.part === 'main');
    for (const [id, card] of cards) {
      if (charts.some((chart) => chart.id === id)) continue;
      card.dispose();
      cards.delete(id);
    }
    for (const part of ['main', 'more'] as const) {
      const grid = grids[part];
      const picked = charts
        .filter((chart) => chart.part === part)
        .map((chart) => cards.get(chart.id) ?? addCard(chart));
      const elements = picked.map((card) => card.element);
      if (elements.length !== grid.children.length || elements.some((one, index) => grid.children[index] !== one)) {
        grid.replaceChildren(...elements);
      }
    }
    if (all.length === 0) {
      const words = runs.length > 0 && runs.every((run) => run.metrics.length === 0) ? text.noMetrics : text.noMatch;
      grids.main.replaceChildren(element('p', { class: 'notice' }, words));
      return;
    }
    const drawing = {
      x: state.x,
      log: state.log,
      smoothing: state.smoothing,
      zoom,
      domain: domainOf(shown),
      colours: colours(),
      font: fontOf(11),
    };
    const runColours = new Map(runs.map((run, i) => [run.folder, resolved(styles[i]?.variable ?? '--ink')]));
    for (const chart of charts) {
      const curves = chart.curves.filter((curve) => shown.some((run) => run.folder === curve.folder));
      cards.get(chart.id)?.show(chart, {
        ...drawing,
        marks: state.markers ? marksOf(shown, runColours) : [],
        label: (curve) => labelOf(chart, curve),
        styles: curves.map((curve) => ({
          curve,
          colour: runColours.get(curve.folder) ?? '',
          dash: styles[runs.findIndex((run) => run.folder === curve.folder)]?.dash ?? [],
        })),
      });
    }
  }

  function labelOf(chart: Chart, curve: Curve): string {
    const run = runs.find((other) => other.folder === curve.folder);
    const arms = runs.map(({ record }) => armLabel(record));
    const single = new Set(arms).size === arms.length;
    const name = run ? (single ? armLabel(run.record) : `${armLabel(run.record)} ${run.record.seed}`) : '';
    const both = chart.curves.some((other) => other.folder === curve.folder && other.kind === 'motivation');
    if (!both) return name;
    return `${name} ${curve.kind === 'motivation' ? text.withMotivation : text.withoutMotivation}`;
  }

  function marksOf(shown: readonly RunView[], runColours: ReadonlyMap<string, string>): Mark[] {
    return shown.flatMap((run) =>
      run.events.flatMap((event): Mark[] => {
        const x = state.x === 'step' ? event.step : event.time;
        const colour = runColours.get(run.folder) ?? '';
        const name = runLabel(run, text);
        if (event.kind === 'alert') return [{ kind: 'alert', x, colour, label: `${name}: ${event.watch}` }];
        if (event.kind !== 'checkpoint') return [];
        return [{ kind: 'checkpoint', x, colour, label: `${name}: ${text.checkpoint} ${event.step}` }];
      }),
    );
  }

  function domainOf(shown: readonly RunView[]): [number, number] {
    const ends = shown.flatMap((run) => {
      const places = [run.metrics.at(-1), run.events.at(-1)].filter((place) => place !== undefined);
      return places.map((place) => (state.x === 'step' ? place.step : place.time));
    });
    return [0, Math.max(1, ...ends)];
  }

  function addCard(chart: Chart): ChartCard {
    const card = chartCard(
      {
        cursor: (x) => {
          for (const other of cards.values()) if (other !== card) other.moveCursor(x);
        },
        zoom: setZoom,
        open: host.open,
      },
      text.chartKeys,
    );
    cards.set(chart.id, card);
    return card;
  }

  more.addEventListener('toggle', () => {
    if (state.filter === '' && more.open !== state.more) change({ more: more.open });
  });
  onThemeChange(() => draw());
  return {
    element: view,
    show(next) {
      runs = inOrder(next);
      draw();
    },
  };
}

function colours(): PlotColours {
  return {
    ink: resolved('--ink'),
    quiet: resolved('--quiet'),
    grid: resolved('--grid'),
    ground: resolved('--ground'),
    warn: resolved('--warn'),
  };
}

function fontOf(size: number): string {
  return `${size}px ${getComputedStyle(document.body).fontFamily}`;
}
