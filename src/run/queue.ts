// Two runs at once on one machine would each take more than twice as long, so they come one after the other: a folder
// with a ticket for each training process, in the order in which they came, and a lock that the one has which trains.
// A process that has died holds nothing. A run that was told not to wait has a ticket too: others wait for it.
// Left out: machines that share a queue (each has its own folder, by its name).

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Holder, isHolding, takeLock, thisProcess } from './lock.ts';

const Ticket = Holder.extend({ run: z.string(), waits: z.boolean() });
type Ticket = z.infer<typeof Ticket>;

const TICKET = /^\d{15}-.*\.json$/;

/** MERF_QUEUE in the environment names another. */
export function queueFolder(): string {
  return process.env.MERF_QUEUE || join(homedir(), '.merf', 'queue', hostname());
}

export class Turn {
  private readonly queue: string;
  private readonly run: string;
  private readonly waits: boolean;
  /** The ticket's name; null: it has left the queue, or there is none that can be written. */
  private name: string | null = null;
  private release: (() => void) | null = null;

  /** `run`: its folder; `waits`: false for one that starts whoever else trains. */
  constructor(queue: string, run: string, waits: boolean) {
    this.queue = queue;
    this.run = run;
    this.waits = waits;
    this.join();
  }

  /** Starts when it is this run's turn, and says which runs come before it: none when it has started. */
  start(): string[] {
    if (this.name === null) this.join();
    const { name } = this;
    if (name === null || !this.waits || this.release !== null) return [];
    const before = ticketsIn(this.queue).filter((other) => other.name !== name && (!other.waits || other.name < name));
    if (before.length > 0) return before.map(({ run }) => run);
    this.release = takeLock(join(this.queue, 'lock'));
    return this.release === null ? ['another run'] : [];
  }

  /** Gives the machine to the next; `start` joins the queue's end again. */
  leave(): void {
    this.release?.();
    this.release = null;
    if (this.name !== null) rmSync(join(this.queue, this.name), { force: true });
    this.name = null;
  }

  private join(): void {
    const name = `${String(Date.now()).padStart(15, '0')}-${process.pid}.json`;
    const ticket: Ticket = { ...thisProcess(), run: this.run, waits: this.waits };
    const temporary = join(this.queue, `.${name}`);
    try {
      mkdirSync(this.queue, { recursive: true });
      writeFileSync(temporary, JSON.stringify(ticket));
      renameSync(temporary, join(this.queue, name));
      this.name = name;
    } catch {
      // a home that cannot be written has no queue; the run trains all the same
      rmSync(temporary, { force: true });
    }
  }
}

/** Of living processes, in their order; those of dead ones are taken away. */
function ticketsIn(queue: string): (Ticket & { name: string })[] {
  const names = readdirSync(queue).filter((name) => TICKET.test(name));
  return names.sort().flatMap((name) => {
    const ticket = ticketOf(join(queue, name));
    if (ticket !== null && isHolding(ticket)) return [{ ...ticket, name }];
    rmSync(join(queue, name), { force: true });
    return [];
  });
}

function ticketOf(path: string): Ticket | null {
  try {
    return Ticket.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}
