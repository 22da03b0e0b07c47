// One request to an OpenAI-compatible endpoint (POST …/chat/completions) and what its reply is: an answer, a failure
// that may pass, or one that will not. The key goes into the request's head and nowhere else: whatever comes back is
// searched for it before anyone reads it. Redirects are not followed, since they would carry the key elsewhere.

import { z } from 'zod';
import type { Judge } from '../spec/specification.ts';
import { type Failure, failed } from './host.ts';
import type { Message } from './judge_prompt.ts';

export type Outcome =
  | { kind: 'answered'; content: string; tokens: { input: number; output: number } }
  /** Worth another try; `after` seconds where the endpoint said so. */
  | { kind: 'again'; failure: Failure; after: number | null }
  /** The endpoint does not take a response format. */
  | { kind: 'no_format'; failure: Failure }
  | Failure;

export interface CompletionRequest {
  judge: Judge;
  messages: readonly Message[];
  /** What is asked of the form of the answer; null: nothing. */
  format: Record<string, unknown> | null;
  key: string | null;
  signal?: AbortSignal | undefined;
}

const Completion = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string().nullish() }) })).min(1),
  usage: z.object({ prompt_tokens: z.number().nullish(), completion_tokens: z.number().nullish() }).nullish(),
});
const Refusal = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** Bytes of the longest reply that is read. */
const LONGEST_REPLY = 4 << 20;

/** Never rejects. */
export async function complete(request: CompletionRequest): Promise<Outcome> {
  const { judge, messages, format, key, signal } = request;
  const late = AbortSignal.timeout(judge.timeoutSeconds * 1000);
  const again = (failure: Failure, after: number | null = null): Outcome => ({ kind: 'again', failure, after });
  let status: number;
  let text: string;
  let after: number | null;
  try {
    const response = await fetch(`${judge.endpoint}/chat/completions`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
      body: JSON.stringify({
        model: judge.model,
        messages,
        temperature: judge.temperature,
        ...(format !== null && { response_format: format }),
      }),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    status = response.status;
    after = secondsOf(response.headers.get('retry-after'));
    text = await bounded(response);
  } catch (error) {
    if (signal?.aborted) return failed('cancelled', 'The scoring was broken off.');
    if (late.aborted) {
      return again(failed('timeout', `\`${judge.name}\` did not answer within ${judge.timeoutSeconds} s.`));
    }
    return again(failed('unreachable', `${judge.endpoint} does not answer as it should: ${reasonOf(error)}.`));
  }
  if (key !== null && text.includes(key)) {
    return failed('garbled', `${judge.endpoint} sent the key back; its reply is not read.`);
  }
  if (status === 200) return answered(judge, text);
  const said = refusalOf(text);
  const what = `${judge.endpoint} answered ${status}${said === '' ? '.' : `: ${said}`}`;
  if (status === 401 || status === 403) return failed('key', what);
  if (status === 429) return again(failed('busy', what), after);
  if (status === 408 || status === 409 || status >= 500) return again(failed('unreachable', what), after);
  const refused = failed('refused', what);
  return format !== null && (status === 400 || status === 422) ? { kind: 'no_format', failure: refused } : refused;
}

function answered(judge: Judge, text: string): Outcome {
  const completion = Completion.safeParse(readJson(text)).data;
  const content = completion?.choices[0]?.message.content ?? '';
  if (content === '') {
    const failure = failed('garbled', `${judge.endpoint} sent a reply without an answer in it.`);
    return { kind: 'again', failure, after: null };
  }
  const { prompt_tokens, completion_tokens } = completion?.usage ?? {};
  return { kind: 'answered', content, tokens: { input: prompt_tokens ?? 0, output: completion_tokens ?? 0 } };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What an endpoint says of its refusal, on one line. */
function refusalOf(text: string): string {
  const error = Refusal.safeParse(readJson(text)).data?.error;
  const said = typeof error === 'string' ? error : (error?.message ?? '');
  return said.replace(/\s+/g, ' ').slice(0, 200);
}

/** @throws Error when the reply is longer than any answer, or breaks off. */
async function bounded(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, size] = ['', 0];
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LONGEST_REPLY) throw new Error(`the reply is longer than ${LONGEST_REPLY} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** `Retry-After`: seconds, or a date. */
function secondsOf(header: string | null): number | null {
  if (header === null) return null;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : null;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? error.cause : error;
  const code = 'code' in cause && typeof cause.code === 'string' ? `${cause.code}, ` : '';
  return `${code}${cause.message}`.replace(/\.$/, '');
}
