// `merf lsp` as any editor meets it: bytes over standard input and output, JSON-RPC written and read by hand.

import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const root = fileURLToPath(new URL('../../', import.meta.url));
const URI = 'file:///bare.merf';
const Message = z.looseObject({ id: z.number().optional(), method: z.string().optional() });
type Message = z.infer<typeof Message>;

class BareClient {
  readonly child: ChildProcessWithoutNullStreams;
  private readonly received: Message[] = [];
  private bytes = Buffer.alloc(0);
  private came = (): void => {};

  constructor() {
    this.child = spawn(process.execPath, ['--import=tsx', `${root}src/cli/main.ts`, 'lsp', '--stdio'], { cwd: root });
    this.child.stdout.on('data', (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.read();
    });
  }

  send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.child.stdin.write(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
  }

  async next(is: (message: Message) => boolean): Promise<Message> {
    for (;;) {
      const found = this.received.find(is);
      if (found) return found;
      await new Promise<void>((resolve) => {
        this.came = resolve;
      });
    }
  }

  private read(): void {
    for (;;) {
      const end = this.bytes.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/.exec(this.bytes.subarray(0, Math.max(0, end)).toString())?.[1]);
      if (end === -1 || this.bytes.length < end + 4 + length) return;
      const body = this.bytes.subarray(end + 4, end + 4 + length).toString();
      this.bytes = this.bytes.subarray(end + 4 + length);
      this.received.push(Message.parse(JSON.parse(body)));
      this.came();
    }
  }
}

describe('the language server over bare stdio', function () {
  this.timeout(60_000);

  it('greets, checks, completes, answers what it cannot with an error, and leaves', async () => {
    const client = new BareClient();
    client.send({ id: 1, method: 'initialize', params: { processId: null, rootUri: null, capabilities: {} } });
    const greeting = JSON.stringify(await client.next(({ id }) => id === 1));
    for (const provider of ['hoverProvider', 'completionProvider', 'renameProvider', 'codeLensProvider']) {
      assert.ok(greeting.includes(provider), provider);
    }
    client.send({ method: 'initialized', params: {} });

    const text = 'experiment é🙂\ntask nights_and_knaves(people: 3)\n';
    const textDocument = { uri: URI, languageId: 'merf', version: 7, text };
    client.send({ method: 'textDocument/didOpen', params: { textDocument } });
    const published = await client.next(({ method }) => method === 'textDocument/publishDiagnostics');
    assert.match(JSON.stringify(published), /"version":7/);

    const position = { line: 1, character: 5 };
    client.send({ id: 2, method: 'textDocument/completion', params: { textDocument: { uri: URI }, position } });
    assert.match(JSON.stringify(await client.next(({ id }) => id === 2)), /knights_and_knaves/);

    client.send({
      id: 3,
      method: 'textDocument/hover',
      params: { textDocument: { uri: 'file:///not-open.merf' }, position },
    });
    assert.match(JSON.stringify(await client.next(({ id }) => id === 3)), /"result":null/);
    client.send({ id: 4, method: 'no/such/method', params: {} });
    assert.match(JSON.stringify(await client.next(({ id }) => id === 4)), /"error":/);
    client.send({ id: 5, method: 'textDocument/codeLens', params: { textDocument: { uri: URI } } });
    assert.match(JSON.stringify(await client.next(({ id }) => id === 5)), /"result":\[\]/);

    const left = new Promise((resolve) => client.child.once('exit', resolve));
    client.send({ id: 6, method: 'shutdown' });
    await client.next(({ id }) => id === 6);
    client.send({ method: 'exit' });
    assert.equal(await left, 0);
  });
});
