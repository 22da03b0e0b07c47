// The keys of the rollouts, as the sheet lists them (keys.ts).

import type { KeyLine } from '../keys.ts';

export const ROLLOUT_KEYS: readonly KeyLine[] = [
  [['/'], 'filter'],
  [['[', ']'], 'step'],
  [['↑', '↓', 'P', 'N'], 'moveResponse'],
  [['Enter'], 'read'],
  [['Space'], 'tick'],
  [['Shift', '↑', '↓'], 'tickRange'],
  [['C'], 'compareTicked'],
  [['S'], 'star'],
  [['M'], 'rendered'],
  [['Esc'], 'untick'],
  [['?'], 'keys'],
];
