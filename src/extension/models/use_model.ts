// “Use in file”: the plan's `model "…"` of a .merf text, put in or replaced. Read off the lines, so that it also works in
// a file with errors. Pure.

import { basename, dirname, isAbsolute, relative, sep } from 'node:path';

/** What is replaced by what, by offsets in the text. */
export interface TextChange {
  from: number;
  to: number;
  by: string;
}

/** Into the first `train { … }` of the file itself, not one of an arm; without any, a new one at the end. */
export function useModel(text: string, model: string): TextChange {
  const written = model.startsWith('bundled:') ? model : JSON.stringify(model);
  const section = /^train\s*\{/m.exec(text);
  if (!section) {
    const gap = text === '' || text.endsWith('\n\n') ? '' : text.endsWith('\n') ? '\n' : '\n\n';
    return { from: text.length, to: text.length, by: `${gap}train {\n  model ${written}\n}\n` };
  }
  const start = section.index + section[0].length;
  const end = text.indexOf('}', start);
  const inside = text.slice(start, end < 0 ? text.length : end);
  const setting = /(^|\s)model\s+("(?:\\.|[^"\\\n])*"|[\w:]+)/.exec(inside);
  if (!setting) return { from: start, to: start, by: `\n  model ${written}` };
  const from = start + setting.index + (setting[1] ?? '').length;
  return { from, to: start + setting.index + setting[0].length, by: `model ${written}` };
}

/** As a file beside it names a folder: relative where that stays below, with slashes. */
export function nameFrom(file: string, folder: string): string {
  const path = relative(dirname(file), folder);
  return path.startsWith('..') || isAbsolute(path) ? folder : path.split(sep).join('/');
}

/** The run that a checkpoint is of: `…/<run>/checkpoints/step-000020`; null: it lies elsewhere. */
export function runOfCheckpoint(folder: string): string | null {
  const checkpoints = dirname(folder);
  return basename(checkpoints) === 'checkpoints' ? basename(dirname(checkpoints)) : null;
}
