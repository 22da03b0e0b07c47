// Ranges as they read in the editor: `-2 to 2`, `at least 0`, `1` where there is only one number.

import { between, plain } from '../spec/number_text.ts';
import type { Range } from '../spec/ranges.ts';

export function showBounds({ min, max }: Range): string {
  return min === max ? plain(min) : between(min, max);
}
