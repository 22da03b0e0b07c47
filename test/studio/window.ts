// The window around the extension host, as tests see it: keys, text, pictures. Each function is one request to the
// bridge (runner/bridge.ts), which holds the other end of the page.

import path from 'node:path';
import { format } from 'node:util';
import * as vscode from 'vscode';
import { z } from 'zod';

const Reply = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })]);

/** The desktop product has none: tests that press keys or look at pixels are skipped there. */
export const hasBridge = process.env.STUDIO_BRIDGE !== undefined;
export const itInWindow = (title: string, test: Mocha.AsyncFunc): Mocha.Test => (hasBridge ? it : it.skip)(title, test);

export async function tell(operation: string, given: object = {}): Promise<unknown> {
  const bridge = process.env.STUDIO_BRIDGE;
  if (bridge === undefined) throw new Error('no bridge to the window');
  const response = await fetch(bridge, { method: 'POST', body: JSON.stringify({ operation, ...given }) });
  const reply = Reply.parse(await response.json());
  if ('error' in reply) throw new Error(`${operation}: ${reply.error}`);
  return reply.answer;
}

/** A window: the tests' own, or another one on the same folder, which opens when it is first asked for. */
export interface Place {
  readonly other?: boolean;
}

/** Where something is drawn: in the workbench itself, or inside the panel that holds the selector. */
export interface Target extends Place {
  readonly selector: string;
  readonly panel?: boolean;
  /** Milliseconds to wait for it; 20,000 unless told. */
  readonly wait?: number;
}

const Pixels = z.object({
  width: z.number(),
  height: z.number(),
  background: z.string(),
  backgroundShare: z.number(),
  coloured: z.number(),
  hues: z.number(),
});
export type Pixels = z.infer<typeof Pixels>;

export const click = (target: Target) => tell('click', target);
export const rightClick = (target: Target) => tell('click', { ...target, button: 'right' });
/** Puts a text into a field, and Enter. */
export const write = (target: Target, text: string) => tell('write', { ...target, text });
/** A key, as Playwright names it: `Delete`. */
export const press = (key: string, place: Place = {}) => tell('press', { ...place, text: key });
/** How many places the selector has in the workbench now. */
export const countOf = async (target: Target) => z.number().parse(await tell('count', target));
export const closeOtherWindow = () => tell('closeOther');
/** Runs a command by the words of its title, typed into the command palette; without a bridge by its identifier. */
export const command = (title: string, id: string, place: Place = {}) =>
  hasBridge ? tell('command', { ...place, text: title }) : vscode.commands.executeCommand(id);
export const textOf = async (target: Target) => z.string().parse(await tell('text', target));
/** What a field holds. */
export const fieldOf = async (target: Target) => z.string().parse(await tell('value', target));
/** The target's words as soon as they match; fails with what they were instead. */
export async function textLike(target: Target, pattern: RegExp): Promise<string> {
  let seen = '';
  const look = async () => {
    seen = await textOf(target);
    return pattern.test(seen);
  };
  await until(`${pattern} in ${target.selector}`, look).catch((error: Error) => {
    throw new Error(`${error.message}; it says: ${seen}`);
  });
  return seen;
}
/** Writes a PNG of the target, or of the whole window, and says what is in it. */
export const picture = async (file: string, target: Partial<Target> = {}): Promise<Pixels> =>
  Pixels.parse(await tell('picture', { ...target, file }));

/** Where pictures go: a folder to look into after a run. */
export const shot = (name: string): string => path.join(process.env.STUDIO_PICTURES ?? '.', `${name}.png`);

export interface Printer {
  print(...words: unknown[]): void;
  /** Resolves when everything printed so far has arrived. */
  flushed(): Promise<void>;
}

/** A browser keeps what its host prints to itself: this prints where the test command was started. */
export function printer(): Printer {
  let last: Promise<unknown> = Promise.resolve();
  return {
    print: (...words) => {
      last = last.then(() => tell('print', { text: `${format(...words)}\n` })).catch(() => {});
    },
    flushed: async () => {
      await last;
    },
  };
}

/** The first answer that is neither undefined nor false, asked for until then; fails with `what` after `seconds`. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  seconds = 20,
): Promise<T> {
  for (const end = Date.now() + 1000 * seconds; ; ) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
