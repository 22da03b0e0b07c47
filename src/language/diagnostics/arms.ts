// Diagnostics 4xx: the prompt, motivations and arms.

import { kind } from './kind.ts';

export const ARM_DIAGNOSTICS = {
  secretLeak: kind({
    code: 'MERF401',
    severity: 'error',
    title: 'A secret reaches the model',
    message: (column: string, where: string) =>
      `\`${column}\` is secret: it holds the answer, and ${where} is what the model reads. Remove the hole.`,
    why: 'Columns such as `solution` exist to score a response. A model that reads them learns to copy.',
    bad: 'user "{quiz} (The answer: {solution_text})"',
    good: 'user "{quiz}"',
  }),
  columnInMotivation: kind({
    code: 'MERF402',
    severity: 'error',
    title: 'A motivation speaks of one row',
    message: (hole: string) =>
      `\`{${hole}}\` is filled from a row, and a motivation is the same for every row. Put it into the prompt; a motivation holds \`{rules}\`, \`{reward.min}\` and \`{reward.max}\`.`,
    why: 'A motivation says how any answer is judged. What belongs to one question belongs into the prompt.',
    bad: 'motivation full { "Solve for {names}. {rules}" }',
    good: 'prompt { user "Solve for {names}. {quiz}" }\nmotivation full { "{rules}" }',
  }),
  noPlaceForMotivation: kind({
    code: 'MERF403',
    severity: 'error',
    title: 'The prompt has no place for the motivation',
    message: (arm: string, motivation: string) =>
      `The model of \`${arm}\` would never read \`${motivation}\`: the prompt has no \`{motivation}\`. Put \`{motivation}\` into \`system\` or \`user\`, or write \`motivation none\` here.`,
    why: 'Without the hole the arm would train exactly like one without a motivation, and be taken for something else.',
    bad: 'prompt { user "{quiz}" }\narm merf { motivation full }',
    good: 'prompt { system "{motivation}"  user "{quiz}" }\narm merf { motivation full }',
  }),
  unusedMotivation: kind({
    code: 'MERF404',
    severity: 'warning',
    title: 'A motivation is not used',
    message: (name: string) => `No arm reads \`${name}\`. Add \`arm ${name} { motivation ${name} }\`, or remove it.`,
    why: 'Only arms are trained.',
    bad: 'motivation full { "{rules}" }\narm rlvr { motivation none }',
    good: 'motivation full { "{rules}" }\narm rlvr { motivation none }\narm merf { motivation full }',
  }),
  sameArms: kind({
    code: 'MERF405',
    severity: 'warning',
    title: 'Two arms are the same',
    message: (arm: string, other: string) =>
      `\`${arm}\` reads the same prompt and follows the same plan as \`${other}\`. Change one of them, or use more \`seeds\` to repeat an arm.`,
    why: 'Training the same thing twice measures the seeds, which `seeds 1, 2, 3` says plainly.',
    bad: 'arm a { motivation full }\narm b { motivation full }',
    good: 'arm a { motivation full }\narm b { motivation none }',
  }),
  motivationWithoutRules: kind({
    code: 'MERF406',
    severity: 'warning',
    title: 'A motivation shows no rule',
    message: (name: string) =>
      `\`${name}\` shows the model no rule. Put \`{rules}\` into its text, or use \`motivation none\`.`,
    why: 'The rules are written into the text at `{rules}`, so that the text and the score cannot drift apart.',
    bad: 'motivation full { "Do your best." }',
    good: 'motivation full { "You are scored by these rules:\\n{rules}" }',
  }),
  circularMotivation: kind({
    code: 'MERF407',
    severity: 'error',
    title: 'Motivations are derived from each other in a circle',
    message: (name: string) => `\`${name}\` is derived from itself. Give one of the circle its own text.`,
    why: 'A derived motivation takes the text of another; somewhere a text must be written.',
    bad: 'motivation a = b inverted\nmotivation b = a inverted',
    good: 'motivation a { "{rules}" }\nmotivation b = a inverted',
  }),
  noArm: kind({
    code: 'MERF408',
    severity: 'warning',
    title: 'There is no arm to train',
    message: () =>
      'The file has no `arm`, so it can score responses but not train. Add `arm rlvr { motivation none }`.',
    why: 'An arm is one of the trainings that are compared: with a motivation, without one, with another setting.',
    bad: 'motivation full { "{rules}" }',
    good: 'motivation full { "{rules}" }\narm merf { motivation full }',
  }),
} as const;
