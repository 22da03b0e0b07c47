// The chat prompt of a row under an arm: the specification's templates with the row's columns and the motivation in
// place. Where the arm has no motivation, the line that held it is gone, as if the author had never written it, so
// that arms differ in the motivation alone. Secret columns are refused here once more.

import { columnReader, type Row } from '../reward/row.ts';
import type { Maybe } from '../reward/value.ts';
import { MerfError } from '../spec/error.ts';
import { plain } from '../spec/number_text.ts';
import type { Specification, Template, TemplatePart } from '../spec/specification.ts';
import { listed, type Motivated, type MotivationView, motivationNamed, motivationText } from './render.ts';

export interface Message {
  role: 'system' | 'user';
  content: string;
}

/** An arm's name, or a motivation by name (null: none), whatever the arm, as it reads at a step. */
export type PromptChoice = string | MotivationChoice;
export type MotivationChoice = { motivation: string | null } & MotivationView;

/**
 * The messages the model answers. A system message with nothing in it is left out.
 * @throws MerfError when the arm or motivation is unknown, a column is missing in the row, or it is secret.
 */
export function renderPrompt(
  spec: Motivated & Pick<Specification, 'task' | 'prompt'>,
  choice: PromptChoice,
  row: Row,
): Message[] {
  const { motivation: name, ...view } = typeof choice === 'string' ? motivationOf(spec, choice) : choice;
  const motivation = motivationText(spec, name, view);
  const placement = motivation === '' ? 'template' : (motivationNamed(spec, name)?.placement ?? 'template');
  const column = columnReader(spec, row);
  const fill = (template: Template, motivation: string): string =>
    renderLines(template, motivation, (name) => {
      const declared = spec.task.columns.find((one) => one.name === name);
      if (declared?.secret) {
        throw new MerfError(`The prompt shows the secret column ${name}.`, `Take {${name}} out of the prompt.`);
      }
      const value = column(name);
      if (value === null) {
        throw new MerfError(`The row has no ${name}, which the prompt shows.`, `Give the row the column ${name}.`);
      }
      return render(value);
    });
  const write = (template: Template, role: Message['role']): string => {
    const hasHole = template.some(({ kind }) => kind === 'motivation');
    const fills = placement === 'template' || (placement === role && hasHole);
    const text = fill(template, fills ? motivation : '');
    const before = role === 'user' && placement === 'before';
    const after = (role === 'user' && placement === 'after') || (placement === role && !hasHole);
    return [before ? motivation : '', text, after ? motivation : ''].filter((part) => part !== '').join('\n\n');
  };
  const system = write(spec.prompt.system ?? [], 'system');
  const user: Message = { role: 'user', content: write(spec.prompt.user, 'user') };
  return system === '' ? [user] : [{ role: 'system', content: system }, user];
}

function motivationOf(spec: Motivated, name: string): { motivation: string | null } {
  const arm = spec.arms.find((one) => one.name === name);
  if (arm !== undefined) return { motivation: arm.motivation };
  throw new MerfError(`There is no arm named ${name}.`, `Use one of: ${listed(spec.arms)}.`);
}

function render(value: Maybe): string {
  if (typeof value === 'number') return plain(value);
  if (Array.isArray(value)) return value.map(render).join(', ');
  if (value instanceof Map) return [...value].map(([name, field]) => `${name}: ${render(field)}`).join(', ');
  return String(value ?? '');
}

/** Fills the template line by line; a line that held only an empty motivation goes, with one of two blank neighbours. */
function renderLines(template: Template, motivation: string, column: (name: string) => string): string {
  const lines = templateLines(template);
  const goes = lines.map(
    (line) =>
      motivation === '' &&
      line.some(({ kind }) => kind === 'motivation') &&
      line.every((part) => part.kind === 'motivation' || isBlank(part)),
  );
  const kept: TemplatePart[][] = [];
  let gap = false;
  for (const [i, line] of lines.entries()) {
    if (goes[i]) gap = true;
    else if (gap && line.every(isBlank) && (kept.at(-1)?.every(isBlank) ?? true)) continue;
    else {
      kept.push(line);
      gap = false;
    }
  }
  while (gap && kept.at(-1)?.every(isBlank)) kept.pop();
  const render = (part: TemplatePart): string =>
    part.kind === 'text'
      ? part.text
      : part.kind === 'column'
        ? column(part.name)
        : part.kind === 'motivation'
          ? motivation
          : '';
  return kept.map((line) => line.map(render).join('')).join('\n');
}

function isBlank(part: TemplatePart): boolean {
  return part.kind === 'text' && part.text.trim() === '';
}

function templateLines(template: Template): TemplatePart[][] {
  const lines: TemplatePart[][] = [[]];
  for (const part of template) {
    const [first, ...rest]: TemplatePart[] =
      part.kind === 'text' ? part.text.split('\n').map((text) => ({ kind: 'text', text })) : [part];
    if (first !== undefined) lines.at(-1)?.push(first);
    for (const next of rest) lines.push([next]);
  }
  return lines;
}
