// Diagnostics 1xx: the file and its names.

import { kind } from './kind.ts';

/** ` Did you mean X?`, or the list of what there is. */
function suggestion(nearest: string | null, known: readonly string[]): string {
  if (nearest !== null) return ` Did you mean \`${nearest}\`?`;
  if (known.length === 0) return ' There is none yet.';
  const shown = known.slice(0, 8).map((name) => `\`${name}\``);
  return ` There is ${shown.join(', ')}${known.length > 8 ? ', …' : ''}.`;
}

export const FILE_DIAGNOSTICS = {
  syntax: kind({
    code: 'MERF101',
    severity: 'error',
    title: 'The text cannot be read',
    message: (found: string, form: string) => `${found} ${form}`,
    why: 'The file is read section by section; at the marked place something else was expected. While a file has such an error only these are shown, because the rest could not be judged fairly.',
    bad: 'rule format "Format" {\n  +1 if exactly(think, answer)\n}',
    good: 'rule format "Format" {\n  +1 when exactly(think, answer)\n}',
  }),
  missingSection: kind({
    code: 'MERF102',
    severity: 'error',
    title: 'A section is missing',
    message: (where: string, section: string, form: string) => `${where} has no \`${section}\`. Add \`${form}\`.`,
    why: 'An experiment needs a name, a task, a prompt for the user and a reward. Everything else has a default.',
    bad: '// a file without `experiment`',
    good: 'experiment knights_and_knaves',
  }),
  sectionTwice: kind({
    code: 'MERF103',
    severity: 'error',
    title: 'A section is there twice',
    message: (section: string) => `There is already a \`${section}\` above. Put both into one, or remove this one.`,
    why: 'Only motivations, arms and examples may be repeated: of everything else there is one, so that nobody has to ask which one counts.',
    bad: 'train { steps 60 }\ntrain { group 8 }',
    good: 'train { steps 60  group 8 }',
  }),
  strayBrace: kind({
    code: 'MERF104',
    severity: 'error',
    title: 'A brace opens no hole',
    message: () => 'This `{` begins a hole, but no name and `}` follow. Write `{{` for a brace in the text.',
    suggest: () => '{{',
    why: 'In prompts and motivations `{name}` is filled in, so a brace that is meant as a brace is written twice: `{{` and `}}`.',
    bad: 'user "Answer as {\\"role\\": …}. {quiz}"',
    good: 'user "Answer as {{\\"role\\": …}}. {quiz}"',
  }),
  unknownName: kind({
    code: 'MERF111',
    severity: 'error',
    title: 'A name is not known',
    message: (what: string, name: string, nearest: string | null, known: readonly string[]) =>
      `There is no ${what} \`${name}\`.${suggestion(nearest, known)}`,
    suggest: (_what, _name, nearest) => nearest,
    why: "Names are the task's columns, the captures of `response`, rules, motivations, and the language's own functions, settings and metrics. The message names the nearest one, or those that there are.",
    bad: '+2 when rolse == solution',
    good: '+2 when roles == solution',
  }),
  duplicateName: kind({
    code: 'MERF112',
    severity: 'error',
    title: 'A name is given twice',
    message: (what: string, name: string, remedy: string) => `There is already ${what} \`${name}\` above. ${remedy}`,
    why: 'Captures and rules are both read by name in conditions, so they share their names; motivations, arms, settings and examples have their own.',
    bad: 'arm merf { motivation full }\narm merf { motivation partial }',
    good: 'arm merf { motivation full }\narm partial { motivation partial }',
  }),
  unusedCapture: kind({
    code: 'MERF113',
    severity: 'warning',
    title: 'A capture is not used',
    message: (name: string) => `No rule reads \`${name}\`. Use it in a condition, or remove it.`,
    why: 'A capture that nothing reads changes no score. Often a rule was meant to read it.',
    bad: 'response {\n  think = tag("think")\n}\nreward { rule short { +1 when tokens < 100\n 0 otherwise } }',
    good: 'reward { rule format { +1 when exactly(think)\n 0 otherwise } }',
  }),
  unknownArgument: kind({
    code: 'MERF121',
    severity: 'error',
    title: 'The task has no such argument',
    message: (task: string, name: string, nearest: string | null, known: readonly string[]) =>
      `\`${task}\` has no argument \`${name}\`.${suggestion(nearest, known)}`,
    suggest: (_task, _name, nearest) => nearest,
    why: 'A task says which arguments it takes; hover over its name lists them with their limits.',
    bad: 'task knights_and_knaves(persons: 3)',
    good: 'task knights_and_knaves(people: 3)',
  }),
  argumentRange: kind({
    code: 'MERF122',
    severity: 'error',
    title: "A task's argument does not fit",
    message: (name: string, wanted: string) => `\`${name}\` must be ${wanted}.`,
    why: 'The task cannot make rows for this value.',
    bad: 'task knights_and_knaves(people: 3..12)',
    good: 'task knights_and_knaves(people: 3..7)',
  }),
} as const;
