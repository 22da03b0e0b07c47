// One line of `merf score`: {"row": {...}, "response": "...", "tokens": 12, "finished": true}; the last two may be
// missing. What a line says is checked here; a line that cannot be used says why and what to write instead.

import { z } from 'zod';
import { type ResponseScore, type Scored, scoreResponse } from '../reward/score.ts';

const ResponseLine = z.object({
  row: z.record(z.string(), z.unknown()),
  response: z.string(),
  tokens: z.number().nonnegative().nullish(),
  finished: z.boolean().nullish(),
});
export type ResponseLine = z.infer<typeof ResponseLine>;

const REMEDY =
  'Write {"row": {…}, "response": "…"} on one line; "tokens" (a number) and "finished" (true or false) may be added.';

/** The line, or the sentence that says what is wrong with it. */
export function readResponseLine(text: string): { line: ResponseLine } | { error: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { error: `It is not JSON. ${REMEDY}` };
  }
  const result = ResponseLine.safeParse(json);
  if (result.success) return { line: result.data };
  const issue = result.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? 'It' : `"${issue.path.join('.')}"`;
  const found = issue?.code === 'invalid_type' ? 'is missing or of another type' : 'is not what it must be';
  return { error: `${where} ${found}. ${REMEDY}` };
}

/** The score, or the sentence that says why there is none. */
export function scoreLine(spec: Scored, text: string): ResponseScore | { error: string } {
  const read = readResponseLine(text);
  if ('error' in read) return read;
  const { row, response, tokens, finished } = read.line;
  return scoreResponse(spec, row, response, { tokens, finished });
}
