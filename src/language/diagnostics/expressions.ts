// Diagnostics 2xx: expressions and captures.

import { kind } from './kind.ts';

export const EXPRESSION_DIAGNOSTICS = {
  wrongType: kind({
    code: 'MERF201',
    severity: 'error',
    title: 'The type does not fit',
    message: (wanted: string, found: string, remedy: string) =>
      `Here ${wanted} is needed, but this is ${found}.${remedy === '' ? '' : ` ${remedy}`}`,
    why: 'Conditions are bool, scores are numbers, and only values of the same type can be equal. The types of columns and captures show on hover.',
    bad: '+1 when answer > 3',
    good: '+1 when same_number(answer, 3)',
  }),
  argumentCount: kind({
    code: 'MERF202',
    severity: 'error',
    title: 'The number of arguments is wrong',
    message: (form: string, found: number) =>
      `\`${form}\` is given ${found} argument${found === 1 ? '' : 's'}. Write it as shown.`,
    why: 'Every function and every kind of capture says how many arguments it takes.',
    bad: '+1 when contains(answer)',
    good: '+1 when contains(answer, "knight")',
  }),
  constantCondition: kind({
    code: 'MERF203',
    severity: 'warning',
    title: 'A condition is always the same',
    message: (why: string) =>
      `This condition is the same for every response: ${why}. Let it read the response, or remove the case.`,
    why: 'A condition that does not depend on the response makes its case fire always or never.',
    bad: '+1 when roles == roles',
    good: '+1 when roles == solution',
  }),
  impossibleScore: kind({
    code: 'MERF204',
    severity: 'warning',
    title: 'A rule never gives this score',
    message: (rule: string, value: string, scores: string) =>
      `\`${rule}\` never gives ${value}; its scores are ${scores}. Compare it with one of them.`,
    why: 'A comparison with a score that no case gives is never true. It is easily left behind when a score is changed.',
    bad: 'rule format { +1 when exactly(think)\n -1 otherwise }\nrule correctness { -2 when format is 0\n … }',
    good: '-2 when format is -1',
  }),
  captureArguments: kind({
    code: 'MERF211',
    severity: 'error',
    title: 'A capture is described wrongly',
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: 'A capture names what it looks for, and before that, where it does not look in the whole response, a capture of text above it: `tag("think")`, `last_number(answer)`, `choice(answer, "yes", "no")`, `assignments(answer, "{name} is a {role}")` with exactly two holes.',
    bad: 'roles = assignments(answer, "{name} is a knight")',
    good: 'roles = assignments(answer, "{name} is a {role}")',
  }),
  badPattern: kind({
    code: 'MERF212',
    severity: 'error',
    title: 'A regular expression cannot be used',
    message: (found: string, remedy: string) => `This is no pattern to search with. ${found} ${remedy}`,
    why: 'Patterns are RE2: they take linear time on any text, so that no response can make them run for hours. Look-around and back-references are what that costs.',
    bad: 'number = regex(answer, "(?<=is )[0-9]+")',
    good: 'number = regex(answer, "is ([0-9]+)")',
  }),
} as const;
