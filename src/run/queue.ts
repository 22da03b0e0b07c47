// Two runs at once on one machine would each take more than twice as long, so they come one after the other: a folder
// with a ticket for each training process, in the order in which they came, and a lock that the one has which trains.
// A process that has died holds nothing. A run that was told not to wait has a ticket too: others wait for it. What is
// not a ticket (another kind of file, a process number that cannot be) holds nobody up. Where there can be no queue, a run
// trains at once. Left out: machines that share a queue (each has its own folder, by its name).

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { plainState } from './inside.ts';
import { Holder, isHolding, takeLock, thisProcess } from './lock.ts';

/** A process that trains or waits; the file's name is its place. */
export const Ticket = Holder.extend({
  /** The folder of its run. */
  run: z.string(),
  /** False: it trains whoever else does. */
  waits: z.boolean(),
});
export type Ticket = z.infer<typeof Ticket>;

const TICKET = /^\d{15}-.*\.json$/;
/** Bytes; a file with more is no ticket. */
const LARGEST = 65_536;

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
    if (this.name === null || !existsSync(join(this.queue, this.name))) this.join();
    const { name } = this;
    if (name === null || !this.waits || this.release !== null) return [];
    const before = ticketsIn(this.queue).filter((other) => other.name !== name && (!other.waits || other.name < name));
    if (before.length > 0) return before.map(({ run }) => run);
    try {
      this.release = takeLock(join(this.queue, 'lock'));
    } catch {
      return []; // the folder cannot be written any more
    }
    return this.release === null ? ['another run'] : [];
  }

  /** Gives the machine to the next; `start` joins the queue's end again. */
  leave(): void {
    this.release?.();
    this.release = null;
    if (this.name !== null) takeAway(join(this.queue, this.name));
    this.name = null;
  }

  /** A ticket that somebody has taken away keeps its place. */
  private join(): void {
    const name = this.name ?? `${String(Date.now()).padStart(15, '0')}-${process.pid}.json`;
    const ticket: Ticket = { ...thisProcess(), run: this.run, waits: this.waits };
    const temporary = join(this.queue, `.${name}`);
    try {
      mkdirSync(this.queue, { recursive: true });
      writeFileSync(temporary, JSON.stringify(ticket));
      renameSync(temporary, join(this.queue, name));
      this.name = name;
    } catch {
      // a home that cannot be written has no queue; the run trains all the same
      takeAway(temporary);
      this.name = null;
    }
  }
}

/** Of living processes, in their order; those of dead ones and what is none are taken away. */
function ticketsIn(queue: string): (Ticket & { name: string })[] {
  return namesIn(queue).flatMap((name) => {
    const ticket = ticketOf(join(queue, name));
    // a run is named to a person: nothing in it may steer the terminal
    if (ticket !== null && isHolding(ticket))
      return [{ ...ticket, run: ticket.run.replace(/\p{Cc}/gu, '\ufffd'), name }];
    takeAway(join(queue, name));
    return [];
  });
}

function namesIn(queue: string): string[] {
  try {
    return readdirSync(queue)
      .filter((name) => TICKET.test(name))
      .sort();
  } catch {
    return [];
  }
}

function ticketOf(path: string): Ticket | null {
  try {
    if ((plainState(path)?.bytes ?? 0) > LARGEST) return null;
    return Ticket.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** A folder, or what belongs to somebody else, stays, and counts for nothing. */
function takeAway(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {}
}
