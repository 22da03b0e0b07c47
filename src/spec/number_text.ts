// Numbers as the model reads them: ASCII signs, the shortest decimal form, never an exponent. Twelve significant
// digits are shown, so that a weight of 0.1 on a score of 3 reads 0.3.

/** `-1.5`, `0`, `3`. */
export function plain(x: number): string {
  if (!Number.isFinite(x)) return x > 0 ? '∞' : x < 0 ? '-∞' : '?';
  const shown = Number(x.toPrecision(12));
  const sign = shown < 0 ? '-' : '';
  const [mantissa = '0', exponent = '0'] = Math.abs(shown).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const whole = Number(exponent) + 1;
  if (whole <= 0) return trimmed(`${sign}0.${'0'.repeat(-whole)}${digits}`);
  if (whole >= digits.length) return `${sign}${digits.padEnd(whole, '0')}`;
  return trimmed(`${sign}${digits.slice(0, whole)}.${digits.slice(whole)}`);
}

/** With a sign: `+2`, `-1.5`; zero has none. */
export function signed(x: number): string {
  const text = plain(x);
  return text === '0' || text.startsWith('-') || text === '?' ? text : `+${text}`;
}

/** A score that varies: `0 to 1`, `at least 0`, `at most 1`, `any score`. */
export function between(min: number, max: number): string {
  if (min === -Infinity && max === Infinity) return 'any score';
  if (max === Infinity) return `at least ${plain(min)}`;
  if (min === -Infinity) return `at most ${plain(max)}`;
  return `${plain(min)} to ${plain(max)}`;
}

function trimmed(decimal: string): string {
  const short = decimal.replace(/\.?0+$/, '');
  return short === '' || short === '-' || short === '-0' ? '0' : short;
}
