// Numbers as a person reads them: few digits, one minus sign, durations in the two largest units.

/** `1.234`, `-0.05`, `1.2e-6`, `12,345`. */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  const text =
    size < 1e-3
      ? size.toExponential(1)
      : size < 10
        ? trimZeros(size.toFixed(3))
        : size < 1000
          ? trimZeros(size.toFixed(1))
          : Math.round(size).toLocaleString('en');
  return value < 0 ? `−${text}` : text;
}

/** A score with its sign, as a specification writes it: `+2`, `−1.5`, `0`. */
export function scoreText(value: number): string {
  return value > 0 ? `+${numberText(value)}` : numberText(value);
}

/** `45.3%`. */
export function shareText(share: number): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(1)}%` : '–';
}

/** `45.3% [39.8, 51.0]`: a share with its interval. */
export function intervalText(share: number, [low, high]: readonly [number, number]): string {
  return `${shareText(share)} [${(low * 100).toFixed(1)}, ${(high * 100).toFixed(1)}]`;
}

/** `12 s`, `4 min 05 s`, `2 h 10 min`. */
export function durationText(seconds: number): string {
  if (!Number.isFinite(seconds)) return '–';
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** Parameters of a model: `1.84 M`. */
export function countText(count: number): string {
  if (count >= 1e9) return `${trimZeros((count / 1e9).toFixed(2))} B`;
  if (count >= 1e6) return `${trimZeros((count / 1e6).toFixed(2))} M`;
  return count.toLocaleString('en');
}

function trimZeros(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
