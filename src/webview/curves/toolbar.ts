// The bar over the charts: which of them, over which x, how smooth, how seeds are joined; the step that all panels show;
// what can be saved. It changes the state and draws nothing else. And the line under it that says what band and signs mean.

import { button, choice, element, searchBox, toggle } from '../element.ts';
import type { CurvesState } from '../messages.ts';
import type { Text } from '../text.ts';
import { MARK_KINDS, type MarkKind } from './marks.ts';

export interface ToolbarEvents {
  change(part: Partial<CurvesState>): void;
  resetZoom(): void;
  save(format: 'png' | 'svg' | 'csv'): void;
  /** Not given where there are no other panels. */
  step?: (step: number, done: boolean) => void;
  copyLink?: () => void;
  /** What lists the keys. */
  keys: HTMLElement;
}

export interface Toolbar {
  element: HTMLElement;
  /** Zoomed or not, the last step there is, the step that is shown, and whether there are seeds to join. */
  show(now: { zoomed: boolean; last: number; step: number | null; seeds: boolean; follow: boolean }): void;
}

export function curvesToolbar(state: CurvesState, text: Text, events: ToolbarEvents): Toolbar {
  const smoothing = slider(text.smoothing, [0, 0.95, 0.05], state.smoothing);
  const amount = element('output', {}, state.smoothing.toFixed(2));
  smoothing.addEventListener('input', () => {
    amount.textContent = Number(smoothing.value).toFixed(2);
    events.change({ smoothing: Number(smoothing.value) });
  });

  const axes = (['step', 'time', 'tokens'] as const).map((value) => ({ value, label: text.axes[value] }));
  const bands = (['range', 'interval', 'each'] as const).map((value) => ({ value, label: text.seedsAs[value] }));
  const seeds = choice(text.seeds, bands, state.seeds, (value) => events.change({ seeds: value }));
  const follow = toggle(text.follow, state.follow, (value) => events.change({ follow: value }));
  follow.title = text.followHint;
  const followBox = follow.querySelector('input');

  const stepSlider = slider(text.step, [0, 1, 1], 0);
  const stepLabel = element('output', { class: 'step' });
  const said = () => {
    stepLabel.textContent = stepSlider.value;
    stepSlider.setAttribute('aria-valuetext', `${text.step} ${stepSlider.value}`);
  };
  for (const [event, done] of [
    ['input', false],
    ['change', true],
  ] as const) {
    stepSlider.addEventListener(event, () => {
      said();
      events.step?.(Number(stepSlider.value), done);
    });
  }
  const step = element(
    'label',
    { class: 'field', title: text.stepHint },
    element('span', {}, text.step),
    stepSlider,
    stepLabel,
  );

  const reset = button(text.resetZoom, {}, () => events.resetZoom());
  const save = (['png', 'svg', 'csv'] as const).map((format) =>
    button(format.toUpperCase(), { title: text.saveAs(format.toUpperCase()) }, () => events.save(format)),
  );
  const { copyLink } = events;
  return {
    element: element(
      'div',
      { class: 'toolbar', role: 'toolbar', 'aria-label': text.curves },
      searchBox(text.filterCurves, state.filter, (filter) => events.change({ filter })),
      choice(text.xAxis, axes, state.x, (x) => events.change({ x, zoom: null })),
      toggle(text.logX, state.logX, (logX) => events.change({ logX, zoom: null })),
      toggle(text.logY, state.logY, (logY) => events.change({ logY })),
      element('label', { class: 'field' }, element('span', {}, text.smoothing), smoothing, amount),
      seeds,
      toggle(text.markers, state.markers, (markers) => events.change({ markers })),
      toggle(text.table, state.table, (table) => events.change({ table })),
      follow,
      events.step ? step : null,
      element('span', { class: 'spacer' }),
      reset,
      element('span', { class: 'joined', role: 'group', 'aria-label': text.save }, ...save),
      copyLink ? button(text.copyLink, { title: text.copyLinkHint }, () => copyLink()) : null,
      events.keys,
    ),
    show({ zoomed, last, step: shown, seeds: joinable, follow: following }) {
      reset.disabled = !zoomed;
      seeds.hidden = !joinable;
      if (followBox) followBox.checked = following;
      stepSlider.max = String(Math.max(1, last));
      if (document.activeElement !== stepSlider || shown !== null) stepSlider.value = String(shown ?? last);
      said();
    },
  };
}

function slider(label: string, [min, max, step]: readonly [number, number, number], value: number): HTMLInputElement {
  const made = element('input', { 'aria-label': label });
  made.type = 'range';
  made.min = String(min);
  made.max = String(max);
  made.step = String(step);
  made.value = String(value);
  return made;
}

/** What the band is, and the signs that are there. */
export function legendLine(
  text: Text,
  seeds: CurvesState['seeds'],
  joined: boolean,
  kinds: ReadonlySet<MarkKind>,
): Node[] {
  const signs = MARK_KINDS.filter((kind) => kinds.has(kind)).map((kind) =>
    element('span', { class: 'sign' }, element('i', { 'data-sign': kind, 'aria-hidden': 'true' }), text.marks[kind]),
  );
  const band = joined && seeds !== 'each' ? [element('span', {}, text.bandNote[seeds])] : [];
  return [...band, ...signs];
}
