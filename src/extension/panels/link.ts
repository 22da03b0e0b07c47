// Links that open a panel as it was: `vscode://merf-studio.merf-studio/curves?run=<id>&state=<JSON, base64url>`; the prompt
// preview's names a text, `…/preview?file=<path in its folder>&state=…`.
// A link comes from anywhere, so it is hostile input: it names runs by their ids and files as the window's own list has
// them, and only those that this window has found itself are opened. A path in it means nothing. Pure; vscode's part is
// links.ts.

import { z } from 'zod';
import { MerfError } from '../../spec/error.ts';

/** A run as this window knows it. */
export interface LinkedRun {
  folder: string;
  id: string;
}

/** A .merf file as this window knows it: its URI, and its path within the folders of the window. */
export interface LinkedFile {
  uri: string;
  name: string;
}

export interface Known {
  runs: readonly LinkedRun[];
  files: readonly LinkedFile[];
}

/** A panel, by what the link's path says; what it shall show; and a state, which the panel's own schema has still to check. */
export type Link = { panel: string; state: Readonly<Record<string, unknown>> } & (
  | { of: 'run'; folder: string }
  | { of: 'file'; uri: string }
);

const LONGEST = 16_000;
const PREFIX = 'run:';
const Ids = /^[A-Za-z0-9][A-Za-z0-9._-]{0,150}$/;

/** The query of a link to a panel's state. In it a run's folder is written as its id, so that it opens elsewhere too. */
export function linkQuery(run: LinkedRun, state: unknown, known: readonly LinkedRun[]): string {
  const ids = new Map(known.map(({ folder, id }) => [folder, id]));
  const portable = mapTexts(state, (text) => (ids.has(text) ? `${PREFIX}${ids.get(text)}` : text));
  return `run=${encodeURIComponent(run.id)}&state=${written(portable)}`;
}

/** The query of a link to what a panel shows of a file; the state names it in no other way. */
export function fileLinkQuery({ name }: LinkedFile, state: unknown): string {
  return `file=${encodeURIComponent(name)}&state=${written(state)}`;
}

/** @throws MerfError when it is no such link, or none of what the window knows is meant. */
export function readLink(path: string, query: string, known: Known): Link {
  const panel = path.replace(/^\//, '');
  const fields = new URLSearchParams(query.length > LONGEST ? '' : query);
  const [id, name] = [fields.get('run'), fields.get('file')];
  if (/^[a-z]{1,20}$/.test(panel)) {
    if (name !== null) return { panel, ...fileLink(name, fields, known) };
    if (id !== null && Ids.test(id)) return { panel, ...runLink(id, fields, known) };
  }
  throw new MerfError('This is not a link to a panel of MeRF Studio.', 'Copy it again with “Copy link” in the panel.');
}

function runLink(id: string, fields: URLSearchParams, { runs }: Known) {
  const run = runs.find((one) => one.id === id);
  if (!run) {
    throw new MerfError(
      `The run ${id} is not in a folder of this window.`,
      'Open the folder that holds it (the one with .merf in it), then open the link again.',
    );
  }
  const folders = new Map(runs.map((one) => [one.id, one.folder]));
  const state = mapTexts(stateOf(fields.get('state')), (text) =>
    text.startsWith(PREFIX) ? (folders.get(text.slice(PREFIX.length)) ?? '') : text,
  );
  return { of: 'run' as const, folder: run.folder, state: { ...Fields.safeParse(state).data, folder: run.folder } };
}

function fileLink(name: string, fields: URLSearchParams, { files }: Known) {
  const file = files.find((one) => one.name === name);
  if (!file) {
    throw new MerfError(
      `The file ${JSON.stringify(name.slice(0, 200))} is not in a folder of this window.`,
      'Open the folder that holds it, then open the link again.',
    );
  }
  const state = Fields.safeParse(stateOf(fields.get('state'))).data;
  return { of: 'file' as const, uri: file.uri, state: { ...state, uri: file.uri } };
}

const Fields = z.record(z.string(), z.unknown());

function written(state: unknown): string {
  return Buffer.from(JSON.stringify(state)).toString('base64url');
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
