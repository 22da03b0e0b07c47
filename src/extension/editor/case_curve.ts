// The small curve beside a case: the share of responses that it took over the steps, from none to all, as an SVG image.
// An image knows no colours of the theme, so there is one for a light and one for a dark ground.

const WIDTH = 48;
const HEIGHT = 14;
const PAD = 1.5;

/** VS Code's own `charts.blue`, and its lines' grey, on each ground. */
const COLOURS = {
  light: { line: '#1a73d9', ground: '#00000026' },
  dark: { line: '#4ea1ff', ground: '#ffffff33' },
} as const;
export type Ground = keyof typeof COLOURS;

/** `shares` lie between 0 and 1; null: a single step has no curve. */
export function caseCurve(shares: readonly number[], ground: Ground): string | null {
  if (shares.length < 2) return null;
  const { line, ground: axis } = COLOURS[ground];
  const x = (i: number): string => (PAD + (i * (WIDTH - 2 * PAD)) / (shares.length - 1)).toFixed(1);
  const y = (share: number): string => (HEIGHT - PAD - Math.min(1, Math.max(0, share)) * (HEIGHT - 2 * PAD)).toFixed(1);
  const points = shares.map((share, i) => `${x(i)},${y(share)}`).join(' ');
  const area = `${x(0)},${y(0)} ${points} ${x(shares.length - 1)},${y(0)}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">`,
    `<path d="M${x(0)} ${y(0)}H${x(shares.length - 1)}" stroke="${axis}"/>`,
    `<polygon points="${area}" fill="${line}" fill-opacity="0.18"/>`,
    `<polyline points="${points}" fill="none" stroke="${line}" stroke-width="1.3" stroke-linejoin="round"/>`,
    '</svg>',
  ].join('');
}

/** An address that holds the image itself. */
export function imageAddress(svg: string): string {
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`;
}
