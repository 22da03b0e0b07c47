// An OpenAI-compatible endpoint on this machine's loopback, that answers as a test says.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Judge } from '../../src/spec/specification.ts';

const Body = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
  temperature: z.number(),
  response_format: z.unknown().optional(),
});
export interface Request {
  body: z.infer<typeof Body>;
  authorization: string | undefined;
  /** How many requests came before. */
  before: number;
}

export type Answering = (request: Request, response: ServerResponse, incoming: IncomingMessage) => void;

export interface Endpoint {
  requests: Request[];
  /** The most requests that were under way at once. */
  atOnce: number;
  answer: Answering;
  judge: (change?: Partial<Judge>) => Judge;
}

/** One for each test, closed after it. */
export function endpoint(): Endpoint {
  let server: Server;
  let url = '';
  let underWay = 0;
  const state: Endpoint = {
    requests: [],
    atOnce: 0,
    answer: (_, response) => say(response, '{"answer": 7}'),
    judge: (change = {}) => ({ ...JUDGE, endpoint: `${url}/v1`, ...change }),
  };
  const standard = state.answer;
  beforeEach(async () => {
    Object.assign(state, { requests: [], atOnce: 0, answer: standard });
    underWay = 0;
    server = createServer((incoming, response) => {
      state.atOnce = Math.max(state.atOnce, ++underWay);
      response.once('close', () => underWay--);
      const pieces: Buffer[] = [];
      incoming.on('data', (piece: Buffer) => pieces.push(piece));
      incoming.on('end', () => {
        const body = Body.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
        const { authorization } = incoming.headers;
        const request = { body, authorization, before: state.requests.length };
        state.requests.push(request);
        state.answer(request, response, incoming);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = typeof address === 'object' ? `http://127.0.0.1:${address?.port}` : '';
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return state;
}

/** A whole completion with this content. */
export function say(response: ServerResponse, content: string, tokens = { prompt: 100, completion: 10 }): void {
  const usage = { prompt_tokens: tokens.prompt, completion_tokens: tokens.completion };
  send(response, 200, { choices: [{ message: { role: 'assistant', content } }], usage });
}

export function send(response: ServerResponse, status: number, body: unknown, head: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...head });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

const JUDGE: Judge = {
  name: 'helpful',
  doc: '',
  parameters: ['question', 'reply'],
  result: { kind: 'number', min: 0, max: 10 },
  endpoint: '',
  model: 'judge-1',
  key: 'TEST_JUDGE_KEY',
  system: [{ kind: 'text', text: 'You are strict.' }],
  prompt: [
    { kind: 'parameter', name: 'question' },
    { kind: 'text', text: '\nHow good is this?\n' },
    { kind: 'parameter', name: 'reply' },
  ],
  temperature: 0,
  timeoutSeconds: 5,
  retries: 3,
  concurrency: 4,
  price: { input: 2, output: 10 },
  place: { line: 0, column: 0 },
};
