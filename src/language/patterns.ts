// Regular expressions as they are written in a file: RE2's syntax, checked when the file is. A pattern that cannot be
// read says why, and what to write instead of what other dialects have and linear time does not allow.

import { RE2JS } from 're2js';
import { type Analysis, spanOf } from './analysis.ts';
import { DIAGNOSTICS } from './diagnostics.ts';
import type * as Ast from './generated/ast.ts';
import { readText } from './literals.ts';

/** What an error says, and what to do about it; the first that fits. */
const REMEDIES: readonly [found: RegExp, remedy: string][] = [
  [/\(\?<?[=!]/, 'There is no look-around in linear time: put what you want into a group, `(…)`.'],
  [/invalid escape sequence: `\\[1-9]/, 'There are no back-references in linear time.'],
  [/missing closing \)|unexpected \)/, 'Close the group, or write `\\(` or `\\)` for the character.'],
  [/missing closing \]/, 'Close the class, or write `\\[` for the character.'],
  [/missing argument to repetition/, 'Something must stand before it; for the character write `\\*`, `\\+` or `\\?`.'],
  [/invalid nested repetition/, 'Put the inner one into a group: `(?:a*)*`.'],
  [/invalid repeat count/, 'At most 1000 repetitions are counted.'],
  [/trailing backslash/, 'Write `\\\\` for the character.'],
];

/** A pattern in a text; reported and null when it cannot be used. */
export function lowerPattern(node: Ast.TextValue, analysis: Analysis): string | null {
  const pattern = readText(node.literal).value;
  const report = (found: string, remedy: string): null => {
    analysis.report(DIAGNOSTICS.badPattern, spanOf(node), found, remedy);
    return null;
  };
  try {
    if (RE2JS.matches(pattern, '')) {
      return report(
        'It also matches nothing at all, and so every text.',
        'Let it need a character: `+` in place of `*`.',
      );
    }
    return pattern;
  } catch (error) {
    const found = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : '';
    const remedy = REMEDIES.find(([sign]) => sign.test(found) || sign.test(pattern))?.[1];
    return report(`${sentence(found)}.`, remedy ?? 'The syntax is that of RE2.');
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1).replace(/\.$/, '');
}
