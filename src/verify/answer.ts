// Whether what a verifier or a judge said is what the specification lets it say. A bool counts as 0 or 1 where a number
// is asked for; everything else must fit as it is: nothing is clamped or rounded into a range.

import type { ExternalResult } from '../spec/specification.ts';
import type { Reply } from './host.ts';
import { failed } from './host.ts';

export function fitting(name: string, result: ExternalResult, reply: Reply): Reply {
  if (reply.kind === 'failed') return reply;
  const { value } = reply;
  switch (result.kind) {
    case 'bool':
      return typeof value === 'boolean' ? reply : unfit(name, value, 'a bool');
    case 'text':
      return typeof value === 'string' ? reply : unfit(name, value, 'a text');
    case 'number': {
      const number = typeof value === 'boolean' ? Number(value) : value;
      const { min, max } = result;
      if (typeof number !== 'number' || !(number >= min && number <= max)) {
        return unfit(name, value, `a number from ${min} to ${max}`);
      }
      return { kind: 'value', value: number };
    }
  }
}

function unfit(name: string, value: boolean | number | string, wanted: string): Reply {
  return failed('unfit', `\`${name}\` answered ${shown(value)}, not ${wanted}.`);
}

/** Short enough for a message. */
export function shown(value: boolean | number | string): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
