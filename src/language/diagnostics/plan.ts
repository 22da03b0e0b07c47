// Diagnostics 5xx: the plan and watches; 6xx: examples.

import { kind } from './kind.ts';

export const PLAN_DIAGNOSTICS = {
  settingValue: kind({
    code: 'MERF501',
    severity: 'error',
    title: "A setting's value does not fit",
    message: (name: string, wanted: string) => `\`${name}\` must be ${wanted}.`,
    why: 'The setting cannot have this value. Hover over its name shows what it takes.',
    bad: 'train { steps 0  clip "small" }',
    good: 'train { steps 60  clip 0.2 }',
  }),
  groupTooSmall: kind({
    code: 'MERF502',
    severity: 'error',
    title: 'A group of one has no advantage',
    message: (group: number) =>
      `With \`group ${group}\` every advantage is zero and nothing is learned: responses are compared inside their group. Use 2 or more; 8 is usual.`,
    why: 'GRPO has no value model: the mean of the group is the baseline, and a single response always equals its own mean.',
    bad: 'train { group 1 }',
    good: 'train { group 8 }',
  }),
  watchThreshold: kind({
    code: 'MERF503',
    severity: 'warning',
    title: 'A watch can never hold',
    message: (metric: string, threshold: string) =>
      `\`${metric}\` lies between 0 and 1 (0% and 100%), so it is never ${threshold}. Write a share as \`15%\` or \`0.15\`.`,
    why: 'A watch that cannot hold gives no alarm, and looks like one that has nothing to report.',
    bad: 'watch { alert when truncated > 15 }',
    good: 'watch { alert when truncated > 15% }',
  }),
  stageWithoutGate: kind({
    code: 'MERF504',
    severity: 'warning',
    title: 'A stage has no gate',
    message: (name: string) =>
      `\`${name}\` passes whatever happens in it. Add a condition, for example \`pass when accuracy > 5%\`.`,
    why: 'A stage is a small run that decides whether the real one is worth its time; without a condition it only costs.',
    bad: 'stage pilot { steps 30 }',
    good: 'stage pilot { steps 30  pass when accuracy > 5% }',
  }),
  gateTooLong: kind({
    code: 'MERF505',
    severity: 'error',
    title: 'A gate asks for more steps than its stage has',
    message: (gate: string, steps: number) =>
      `\`${gate}\` can never hold: the stage has ${steps} steps. Give it more \`steps\`, or the condition fewer.`,
    why: 'The condition must hold in the last steps of the stage, as many as `for` says.',
    bad: 'stage pilot { steps 10  pass when reward > 0 for 20 steps }',
    good: 'stage pilot { steps 30  pass when reward > 0 for 5 steps }',
  }),
  beyondContext: kind({
    code: 'MERF506',
    severity: 'error',
    title: "Prompt and response do not fit the model's context",
    message: (arm: string, maxResponse: number, prompt: number, model: string, context: number) =>
      `\`${arm}\` needs ${maxResponse} tokens for a response and at least ${prompt} for the prompt, but \`${model}\` looks at ${context}. Lower \`max_response\`, or use a model with a longer context.`,
    why: 'A model cannot look at more tokens than its context has. What a row fills into the prompt comes on top of what is counted here.',
    bad: 'train { model bundled:tiny  max_response 100000 }',
    good: 'train { model bundled:tiny  max_response 224 }',
  }),
  beyondMemory: kind({
    code: 'MERF507',
    severity: 'warning',
    title: 'A run needs more memory than there is',
    message: (arm: string, needed: string, parts: string, device: string, there: string, remedy: string) =>
      `\`${arm}\` needs at least ${needed} (${parts}), but ${device} has ${there}. ${remedy}, or train on a larger machine.`,
    why: 'It is estimated from the model, the plan and the own text of the prompt before anything is loaded; what does not fit ends in the middle of a step.',
    bad: 'train { model "Qwen/Qwen2.5-7B-Instruct" }\n// … on a computer with 16 GiB',
    good: 'train { model "Qwen/Qwen2.5-0.5B-Instruct"  lora { rank 16 } }',
  }),

  exampleIncomplete: kind({
    code: 'MERF601',
    severity: 'error',
    title: 'An example lacks a part',
    message: (part: string, form: string) => `The example has no \`${part}\`. Add \`${form}\`.`,
    why: 'An example is a test: a row, a response, and what they should score.',
    bad: 'example "solved" { response "…" }',
    good: 'example "solved" { row { names: ["Zoey"] }  response "…"  expect reward 3 }',
  }),
  exampleRow: kind({
    code: 'MERF602',
    severity: 'error',
    title: "An example's row does not fit the task",
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: "The row stands for one of the task's, so it has columns of the same names and types; columns that no rule reads may be left out.",
    bad: 'row { names: "Zoey" }',
    good: 'row { names: ["Zoey"] }',
  }),
  exampleScore: kind({
    code: 'MERF603',
    severity: 'warning',
    title: 'An example expects what a rule never gives',
    message: (rule: string, value: string, scores: string) =>
      `\`${rule}\` never gives ${value}; its scores are ${scores}. Expect one of them.`,
    why: 'This example can only fail. It is easily left behind when a score is changed.',
    bad: 'expect format +2',
    good: 'expect format +1',
  }),
  exampleLacksColumn: kind({
    code: 'MERF604',
    severity: 'warning',
    title: 'An example lacks a column that a rule reads',
    message: (column: string, rule: string) =>
      `The row has no \`${column}\`, which \`${rule}\` reads. Add it, or the rule sees \`none\` there.`,
    why: 'What is not in the row is `none`, and a condition over `none` is false: the example would test something else than it seems to.',
    bad: 'row { names: ["Zoey"] }\n// … while a rule reads `solution`',
    good: 'row { names: ["Zoey"], solution: { Zoey: "knave" } }',
  }),
  exampleAssumes: kind({
    code: 'MERF605',
    severity: 'error',
    title: 'An example assumes what cannot be',
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: '`tokens` and `finished` say how the response was written, `given` what a verifier or a judge answers there instead of being asked: only what could happen in a run.',
    bad: 'given run_tests 7',
    good: 'given run_tests 0.5',
  }),
} as const;
