// Links that open a panel as it was: `vscode://merf-studio.merf-studio/curves?run=<id>&state=<JSON, base64url>`.
// A link comes from anywhere, so it is hostile input: it names runs by their ids, and only those that this window has
// found itself are opened. A path in it means nothing. Pure; vscode's part is links.ts.

import { z } from 'zod';
import { MerfError } from '../spec/error.ts';

/** A run as this window knows it. */
export interface LinkedRun {
  folder: string;
  id: string;
}

export interface Link {
  /** The name of a panel: what the link's path says. */
  panel: string;
  /** The run's folder, one of the known ones. */
  folder: string;
  /** What the panel's own schema has still to check; run ids in it are folders again. */
  state: unknown;
}

const LONGEST = 16_000;
const PREFIX = 'run:';
const Ids = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;

/** The query of a link to a panel's state. In it a run's folder is written as its id, so that it opens elsewhere too. */
export function linkQuery(run: LinkedRun, state: unknown, known: readonly LinkedRun[]): string {
  const ids = new Map(known.map(({ folder, id }) => [folder, id]));
  const portable = mapTexts(state, (text) => (ids.has(text) ? `${PREFIX}${ids.get(text)}` : text));
  return `run=${encodeURIComponent(run.id)}&state=${Buffer.from(JSON.stringify(portable)).toString('base64url')}`;
}

/** @throws MerfError when it is no such link, or none of the known runs is meant. */
export function readLink(path: string, query: string, known: readonly LinkedRun[]): Link {
  const panel = path.replace(/^\//, '');
  const fields = new URLSearchParams(query.length > LONGEST ? '' : query);
  const id = fields.get('run') ?? '';
  if (!/^[a-z]{1,20}$/.test(panel) || !Ids.test(id)) {
    throw new MerfError(
      'This is not a link to a panel of MeRF Studio.',
      'Copy it again with “Copy link” in the panel.',
    );
  }
  const run = known.find((one) => one.id === id);
  if (!run) {
    throw new MerfError(
      `The run ${id} is not in a folder of this window.`,
      'Open the folder that holds it (the one with .merf in it), then open the link again.',
    );
  }
  const folders = new Map(known.map((one) => [one.id, one.folder]));
  const state = mapTexts(stateOf(fields.get('state')), (text) =>
    text.startsWith(PREFIX) ? (folders.get(text.slice(PREFIX.length)) ?? '') : text,
  );
  const Fields = z.record(z.string(), z.unknown());
  return { panel, folder: run.folder, state: { ...Fields.safeParse(state).data, folder: run.folder } };
}

/** The state that a link carries; one that cannot be read is none. */
function stateOf(text: string | null): unknown {
  try {
    return text ? JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) : null;
  } catch {
    return null;
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapTexts(one, change)]));
}
