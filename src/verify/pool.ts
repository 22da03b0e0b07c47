// Hosts of one script, at most one for each core: a request goes to an idle one, or starts one, or waits. A host that
// does not answer in time is ended and the next request starts another; so does one that died. A script that cannot be
// started several times in a row is given up.

import { availableParallelism } from 'node:os';
import { type Failure, failed, type Host, type Reply, type Request } from './host.ts';

/** Starts in a row that may fail before the script is given up. */
const ATTEMPTS = 3;
/** Milliseconds to start a host: heavy imports take long. */
const STARTING = 120_000;

export interface Asked {
  reply: Reply;
  /** Of the call itself, without waiting for a host. */
  seconds: number;
}

export class HostPool {
  private readonly start: () => Promise<Host | Failure>;
  private readonly size: number;
  private readonly idle: Host[] = [];
  private readonly hosts = new Set<Host>();
  private taken = 0;
  private readonly waiting: (() => void)[] = [];
  /** Of the starts since the last that went well, and what became of the last one. */
  private failures = 0;
  private failure: Failure = failed('crashed', '');
  private ended = false;

  constructor(start: () => Promise<Host | Failure>, size = availableParallelism()) {
    this.start = start;
    this.size = Math.max(1, size);
  }

  /** Never rejects. */
  async ask(request: Request, timeoutSeconds: number, signal?: AbortSignal): Promise<Asked> {
    await this.turn();
    try {
      if (signal?.aborted || this.ended) return { reply: CANCELLED, seconds: 0 };
      const host = await this.host();
      if ('kind' in host) return { reply: host, seconds: 0 };
      const began = performance.now();
      const reply = await answerInTime(host, request, timeoutSeconds, signal);
      if (host.alive) this.idle.push(host);
      else this.hosts.delete(host);
      return { reply, seconds: (performance.now() - began) / 1000 };
    } finally {
      this.taken--;
      this.waiting.shift()?.();
    }
  }

  /** Starts a host if there is none; null: the script can be asked. */
  async check(): Promise<Failure | null> {
    await this.turn();
    try {
      const host = await this.host();
      if ('kind' in host) return host;
      this.idle.push(host);
      return null;
    } finally {
      this.taken--;
      this.waiting.shift()?.();
    }
  }

  async end(): Promise<void> {
    this.ended = true;
    await Promise.all([...this.hosts].map((host) => host.end()));
  }

  private async turn(): Promise<void> {
    while (this.taken >= this.size) await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.taken++;
  }

  private async host(): Promise<Host | Failure> {
    for (let host = this.idle.pop(); host !== undefined; host = this.idle.pop()) {
      if (host.alive) return host;
      this.hosts.delete(host);
    }
    if (this.failures >= ATTEMPTS) return this.failure;
    const started = await within(STARTING, this.start());
    if (started === null) this.failure = failed('timeout', `The script did not load within ${STARTING / 1000} s.`);
    else if ('kind' in started) this.failure = started;
    else {
      this.failures = 0;
      this.hosts.add(started);
      if (this.ended) await started.end();
      return started;
    }
    this.failures++;
    return this.failure;
  }
}

const CANCELLED = failed('cancelled', 'The scoring was broken off.');

/** The host's answer, or what takes its place when it is late or nobody waits any longer; the host is ended then. */
function answerInTime(host: Host, request: Request, seconds: number, signal?: AbortSignal): Promise<Reply> {
  return new Promise((resolve) => {
    let instead: Reply | null = null;
    const endWith = (reply: Reply): void => {
      instead = reply;
      void host.end();
    };
    const abort = (): void => endWith(CANCELLED);
    const late = (): void => endWith(failed('timeout', `\`${request.function}\` did not answer within ${seconds} s.`));
    const clock = setTimeout(late, seconds * 1000);
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted) abort();
    void host.ask(request).then((reply) => {
      clearTimeout(clock);
      signal?.removeEventListener('abort', abort);
      resolve(instead ?? reply);
    });
  });
}

/** null: it took longer; what comes of it then is ended. */
async function within(milliseconds: number, starting: Promise<Host | Failure>): Promise<Host | Failure | null> {
  return new Promise((resolve) => {
    let late = false;
    const clock = setTimeout(() => {
      late = true;
      resolve(null);
    }, milliseconds);
    void starting.then((started) => {
      clearTimeout(clock);
      if (late && !('kind' in started)) void started.end();
      resolve(started);
    });
  });
}
