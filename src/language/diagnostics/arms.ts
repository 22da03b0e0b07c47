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
  secretWritten: kind({
    code: 'MERF409',
    severity: 'warning',
    title: 'A text writes an answer out',
    message: (column: string, value: string, example: string) =>
      `The text says ${value}, which is the secret \`${column}\` of the example "${example}". Take it out of what the model reads.`,
    why: 'A model that reads an answer learns to copy it. A worked example in the prompt should be of a row that is nowhere else.',
    bad: 'prompt { system "Zoey is a knave and Oliver is a knight."  user "{quiz}" }\nexample "solved" { row { solution: { Zoey: "knave", Oliver: "knight" } } … }',
    good: 'prompt { system "State who is a knight and who is a knave."  user "{quiz}" }',
  }),
  optionWithoutEffect: kind({
    code: 'MERF410',
    severity: 'warning',
    title: 'An option of a motivation changes nothing',
    message: (found: string, remedy: string) => `${found} ${remedy}`,
    why: 'A variant that reads like its base trains the same thing twice, and is taken for something else in every comparison.',
    bad: 'rule length "Length" metric { … }\nmotivation brief = full only length',
    good: 'rule length "Length" weight 0.1 { … }\nmotivation brief = full only length',
  }),
  textBesideScores: kind({
    code: 'MERF411',
    severity: 'warning',
    title: 'A text says other numbers than the rules',
    message: (found: string, gives: string, remedy: string, _suggestion?: string) =>
      `The text says ${found}, but ${gives}. ${remedy}`,
    suggest: (_found, _gives, _remedy, suggestion) => suggestion ?? null,
    why: 'Numbers that are written by hand do not follow when a score is changed, and then the model reads other rules than those it is scored by.',
    bad: 'motivation full {\n  "Your total is from -3 to 3.\\n{rules}"\n}',
    good: 'motivation full {\n  "Your total is from {reward.min} to {reward.max}.\\n{rules}"\n}',
  }),
  textBesideSign: kind({
    code: 'MERF412',
    severity: 'warning',
    title: 'A text praises with a minus, or blames with a plus',
    message: (verdict: 'praise' | 'blame', found: string) =>
      `The text says ${found} and ${verdict}s the response. Correct the sign, or write what the number is for.`,
    why: 'The model reads number and words together. A sign that was mistyped teaches the opposite of what the words say.',
    bad: 'motivation full text "You get -2 when every identity is correct."',
    good: 'motivation full text "You get +2 when every identity is correct."',
  }),
  textBesideResponse: kind({
    code: 'MERF413',
    severity: 'warning',
    title: 'A text asks for what nothing reads',
    message: (found: string, gives: string, remedy: string, _suggestion?: string) =>
      `The text speaks of ${found}, but ${gives}. ${remedy}`,
    suggest: (_found, _gives, _remedy, suggestion) => suggestion ?? null,
    why: 'A tag or a limit that the prompt asks for and the rules do not know is a promise to the model that is not kept.',
    bad: 'prompt { system "Answer inside <anser> </anser>."  user "{quiz}" }\nresponse { answer = tag("answer") }',
    good: 'prompt { system "Answer inside <answer> </answer>."  user "{quiz}" }\nresponse { answer = tag("answer") }',
  }),
} as const;
