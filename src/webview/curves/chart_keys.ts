// A chart by the keyboard. To a screen reader it is a slider over its points: arrows move the cursor, and each point is
// read out with the values there.

import type uPlot from 'uplot';

export interface ChartKeys {
  plot(): uPlot | null;
  open(index: number): void;
  zoom(range: readonly [number, number] | null): void;
}

const FAR = 10;

/** Listens on the place of a plot. */
export function listenForKeys(place: HTMLElement, { plot: current, open, zoom }: ChartKeys): void {
  place.addEventListener('keydown', (event) => {
    const plot = current();
    if (!plot || event.ctrlKey || event.metaKey || event.altKey) return;
    const xs = plot.data[0];
    // where a part is zoomed into, the keys stay in it
    const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = plot.scales.x ?? {};
    const first = Math.max(
      0,
      xs.findIndex((x) => x >= min),
    );
    const last = Math.max(
      first,
      xs.findLastIndex((x) => x <= max),
    );
    const { left, idx } = plot.cursor;
    const now = left !== undefined && left >= 0 ? (idx ?? last) : last;
    const goTo = (index: number) => {
      const at = xs[Math.min(last, Math.max(first, index))] ?? 0;
      plot.setCursor({ left: plot.valToPos(at, 'x'), top: 10 });
    };
    const by = event.shiftKey ? FAR : 1;
    const act: Record<string, () => void> = {
      ArrowLeft: () => goTo(now - by),
      ArrowRight: () => goTo(now + by),
      Home: () => goTo(first),
      End: () => goTo(last),
      '+': () => zoom(rangeAround(plot, now, 0.5)),
      '-': () => zoom(rangeAround(plot, now, 2)),
      Enter: () => open(now),
      Escape: () => zoom(null),
    };
    const found = act[event.key];
    if (!found) return;
    event.preventDefault();
    event.stopPropagation();
    found();
  });
}

/** What is in view, wider or narrower around a point; null: everything. */
function rangeAround(plot: uPlot, index: number, factor: number): [number, number] | null {
  const { min = 0, max = 1 } = plot.scales.x ?? {};
  const centre = plot.data[0][index] ?? min;
  const half = ((max - min) * factor) / 2;
  const [first, last] = [plot.data[0][0] ?? 0, plot.data[0].at(-1) ?? 1];
  if (half * 2 >= last - Math.min(0, first)) return null;
  const low = Math.max(Math.min(0, first), centre - half);
  return [low, low + 2 * half];
}
