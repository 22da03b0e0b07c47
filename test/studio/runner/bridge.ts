// How tests inside the extension host reach the window around them: they post { operation, … } to a loopback address
// and get { answer } or { error }.

import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';

const Request = z.looseObject({ operation: z.string() });
export type Arguments = Readonly<Record<string, unknown>>;
export type Operations = Readonly<Record<string, (given: Arguments) => Promise<unknown>>>;

export interface Bridge {
  readonly url: string;
  /** From now on these are answered; requests that came earlier have waited. */
  serve(operations: Operations): void;
  close(): void;
}

export async function startBridge(): Promise<Bridge> {
  let serve: (operations: Operations) => void = () => {};
  const served = new Promise<Operations>((resolve) => {
    serve = resolve;
  });
  const server = createServer(async (request, response) => {
    try {
      const { operation, ...given } = Request.parse(JSON.parse(await body(request)));
      const run = (await served)[operation];
      if (run === undefined) throw new Error(`the window cannot ${operation}`);
      response.end(JSON.stringify({ answer: (await run(given)) ?? null }));
    } catch (error) {
      response.statusCode = 500;
      response.end(JSON.stringify({ error: error instanceof Error ? error.message : String(error) }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the bridge has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    serve,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
