// A JavaScript module in a worker thread. It is asked over a port of its own, so that whatever else the module sends or
// prints is not taken for an answer. The heap is limited (resourceLimits); buffers outside of the heap are not.

import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { z } from 'zod';
import { type Failure, failed, type Host, type HostOptions, LONGEST_TEXT, type Reply, type Request } from './host.ts';

const Message = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ failed: z.string() }),
  z.object({ value: z.union([z.boolean(), z.number(), z.string()]) }),
  z.object({ unfit: z.string() }),
  z.object({ missing: z.string() }),
  z.object({ raised: z.string() }),
]);
type Message = z.infer<typeof Message>;

/** What runs in the worker. The module's functions take one object, its keys the parameters. */
const PROGRAM = `
const { workerData } = require('node:worker_threads');
const { port, url, longest } = workerData;
const describe = (error) => (error instanceof Error ? error.name + ': ' + error.message : String(error)).slice(0, 600);
const plain = (value) => {
  if (typeof value === 'boolean') return { value };
  if (typeof value === 'number') return Number.isFinite(value) ? { value } : { unfit: String(value) };
  if (typeof value === 'string') return value.length <= longest ? { value } : { unfit: 'a text of ' + value.length + ' characters' };
  return { unfit: value === null || value === undefined ? String(value) : 'a value of type ' + typeof value };
};
import(url).then(
  (module) => {
    port.on('message', async (request) => {
      const ask = module[request.function] ?? module.default?.[request.function];
      if (typeof ask !== 'function') return port.postMessage({ missing: request.function });
      try {
        port.postMessage(plain(await ask(request.arguments)));
      } catch (error) {
        port.postMessage({ raised: describe(error) });
      }
    });
    port.postMessage({ ready: true });
  },
  (error) => port.postMessage({ failed: describe(error) }),
);
`;

export async function startJavaScript(options: HostOptions): Promise<Host | Failure> {
  const host = new JavaScriptHost(options);
  return (await host.loaded()) ?? host;
}

class JavaScriptHost implements Host {
  alive = true;
  private readonly worker: Worker;
  private readonly port: MessagePort;
  private readonly script: string;
  private next: ((message: Message | null) => void) | null = null;
  private readonly unread: Message[] = [];
  private crash: Failure;

  constructor({ script, memoryMegabytes, environment }: HostOptions) {
    this.script = basename(script);
    this.crash = failed('crashed', `The worker of ${this.script} ended.`);
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.worker = new Worker(PROGRAM, {
      eval: true,
      workerData: { port: port2, url: pathToFileURL(script).href, longest: LONGEST_TEXT },
      transferList: [port2],
      env: environment,
      execArgv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    });
    // what the module prints goes nowhere
    this.worker.stdout.resume();
    this.worker.stderr.resume();
    this.port.on('message', (value: unknown) => this.heard(value));
    this.worker.on('error', (error) => this.broke(error));
    this.worker.on('exit', () => this.stopped());
    this.port.unref();
    this.worker.unref();
  }

  /** null: the module is loaded. */
  async loaded(): Promise<Failure | null> {
    const message = await this.message();
    if (message !== null && 'ready' in message) return null;
    await this.end();
    if (message !== null && 'failed' in message) {
      return failed('missing', `${this.script} cannot be loaded: ${message.failed}`);
    }
    return this.crash;
  }

  async ask(request: Request): Promise<Reply> {
    if (!this.alive) return this.crash;
    this.port.postMessage(request);
    const message = await this.message();
    const what = `\`${request.function}\` of ${this.script}`;
    if (message === null || 'ready' in message || 'failed' in message) return this.crash;
    if ('value' in message) return { kind: 'value', value: message.value };
    if ('unfit' in message)
      return failed('unfit', `${what} answered ${message.unfit}, not a bool, a number or a text.`);
    if ('missing' in message) return failed('missing', `${this.script} exports no function \`${message.missing}\`.`);
    return failed('raised', `${what} raised ${message.raised}`);
  }

  async end(): Promise<void> {
    this.alive = false;
    await this.worker.terminate();
    this.port.close();
  }

  private heard(value: unknown): void {
    const message = Message.safeParse(value).data;
    if (message === undefined) return;
    const { next } = this;
    this.next = null;
    if (next) next(message);
    else this.unread.push(message);
  }

  private message(): Promise<Message | null> {
    const message = this.unread.shift();
    if (message !== undefined || !this.alive) return Promise.resolve(message ?? null);
    return new Promise((resolve) => {
      this.next = resolve;
    });
  }

  private broke(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    this.crash =
      code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? failed('memory', `${this.script} needs more than the memory it may have.`)
        : failed('crashed', `The worker of ${this.script} died: ${error instanceof Error ? error.message : error}`);
    this.stopped();
  }

  private stopped(): void {
    this.alive = false;
    this.next?.(null);
    this.next = null;
  }
}
