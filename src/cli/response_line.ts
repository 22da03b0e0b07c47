// One line of `merf score`: {"row": {...}, "response": "...", "tokens": 12, "finished": true}; the last two may be
// missing. What a line says is checked here; a line that cannot be used says why and what to write instead.

import { z } from 'zod';
import type { Sample } from '../verify/scorer.ts';
import { LONGEST_LINE } from './json_lines.ts';

const ResponseLine = z.object({
  row: z.record(z.string(), z.unknown()),
  response: z.string(),
  tokens: z.number().nonnegative().nullish(),
  finished: z.boolean().nullish(),
});
export type ResponseLine = z.infer<typeof ResponseLine>;

const REMEDY =
  'Write {"row": {…}, "response": "…"} on one line; "tokens" (a number) and "finished" (true or false) may be added.';

/** The line, or the sentence that says what is wrong with it; null: a line too long to be kept. */
export function readResponseLine(text: string | null): { line: ResponseLine } | { error: string } {
  if (text === null) return { error: `It is longer than ${LONGEST_LINE} characters. Shorten the response.` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { error: `It is not JSON. ${REMEDY}` };
  }
  const result = ResponseLine.safeParse(json);
  if (result.success) return { line: result.data };
  const issue = result.error.issues[0];
  if (issue === undefined || issue.path.length === 0) return { error: `It is not a JSON object. ${REMEDY}` };
  const found = issue.code === 'invalid_type' ? 'is missing or of another type' : 'is not what it must be';
  return { error: `"${issue.path.join('.')}" ${found}. ${REMEDY}` };
}

/** The line as the scorer takes it, or the sentence that says why it cannot. */
export function sampleOf(text: string | null): { sample: Sample } | { error: string } {
  const read = readResponseLine(text);
  if ('error' in read) return read;
  const { row, response, tokens = null, finished = null } = read.line;
  return { sample: { row, response, generation: { tokens, finished } } };
}
