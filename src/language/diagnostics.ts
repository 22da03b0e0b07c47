// Every diagnostic of the checker: one list, one entry each, the remedy in the message. docs/diagnostics.md is
// written from this list (documentation.ts), and a test asks for a golden file for every code.
// 1xx the file and its names, 2xx expressions, 3xx rules, 4xx motivations and arms, 5xx plan and watches, 6xx examples.

export interface DiagnosticKind<A extends unknown[]> {
  code: string;
  severity: 'error' | 'warning';
  title: string;
  message: (...values: A) => string;
  /** Why it matters, for the documentation page. */
  why: string;
  bad: string;
  good: string;
}

function kind<A extends unknown[]>(entry: DiagnosticKind<A>): DiagnosticKind<A> {
  return entry;
}

/** What to do about most duplicates. */
export const ANOTHER_NAME = 'Give this one another name.';

/** ` Did you mean X?`, or the list of what there is. */
function suggestion(nearest: string | null, known: readonly string[]): string {
  if (nearest !== null) return ` Did you mean \`${nearest}\`?`;
  if (known.length === 0) return ' There is none yet.';
  const shown = known.slice(0, 8).map((name) => `\`${name}\``);
  return ` There is ${shown.join(', ')}${known.length > 8 ? ', …' : ''}.`;
}

export const DIAGNOSTICS = {
  // ------------------------------------------------------------------ the file and its names
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

  // ------------------------------------------------------------------ expressions
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
    why: 'A capture says how to find a part of the response: `tag("think")`, or `assignments(answer, "{name} is a {role}")` with exactly two holes, the first for the name and the second for its value.',
    bad: 'roles = assignments(answer, "{name} is a knight")',
    good: 'roles = assignments(answer, "{name} is a {role}")',
  }),

  // ------------------------------------------------------------------ rules
  notExhaustive: kind({
    code: 'MERF301',
    severity: 'error',
    title: 'A rule leaves responses without a score',
    message: (rule: string) =>
      `\`${rule}\` gives no score when none of its conditions holds. End it with a case \`0 otherwise\`, or the score you mean.`,
    why: 'Every response must get a score, also the ones nobody thought of: those are the ones reinforcement learning finds.',
    bad: 'rule format {\n  +1 when exactly(think, answer)\n}',
    good: 'rule format {\n  +1 when exactly(think, answer)\n  -1 otherwise\n}',
  }),
  unreachableCase: kind({
    code: 'MERF302',
    severity: 'warning',
    title: 'A case can never fire',
    message: (why: string) => `This case can never fire: ${why}. Move it up, change its condition, or remove it.`,
    why: 'Cases are tried from the top and the first that holds gives the score.',
    bad: '0 otherwise\n+1 when exactly(think, answer)',
    good: '+1 when exactly(think, answer)\n0 otherwise',
  }),
  caseWithoutText: kind({
    code: 'MERF303',
    severity: 'warning',
    title: 'The model is not told about a case',
    message: (rule: string, motivation: string) =>
      `\`${motivation}\` shows the model \`${rule}\`, but this case has no text. Add \`: "…"\` after it.`,
    why: 'A motivation that leaves out a case tells the model other rules than the ones it is scored by, and the agreement of the two is what the method lives on.',
    bad: '+1 when exactly(think, answer) : "the response has both parts"\n-1 otherwise',
    good: '+1 when exactly(think, answer) : "the response has both parts"\n-1 otherwise                   : "the response has any other shape"',
  }),
  textContradictsScore: kind({
    code: 'MERF304',
    severity: 'warning',
    title: 'The text contradicts the score',
    message: (found: string, score: string) =>
      `The text says ${found}, but the case gives ${score}. Remove the number (the score is shown with the text), or make them agree.`,
    why: 'The score is written beside the text when the model reads it. A second number in the wording is not changed when the score is, and then the model reads two rules.',
    bad: '+2 when roles == solution : "every identity is correct: +3"',
    good: '+2 when roles == solution : "every identity is correct"',
  }),
  readsLaterRule: kind({
    code: 'MERF305',
    severity: 'error',
    title: 'A rule reads a rule that comes later',
    message: (rule: string, isItself: boolean) =>
      isItself
        ? `\`${rule}\` reads itself. Read another rule, or a capture.`
        : `\`${rule}\` comes later in the file. Move it above this rule.`,
    why: 'Rules are scored in the order of the file, so a rule can read only those above it.',
    bad: 'rule correctness { -2 when format is -1\n … }\nrule format { … }',
    good: 'rule format { … }\nrule correctness { -2 when format is -1\n … }',
  }),
  constantRule: kind({
    code: 'MERF306',
    severity: 'warning',
    title: 'A rule gives every response the same score',
    message: (rule: string, score: string) =>
      `Every case of \`${rule}\` gives ${score}, so it cannot tell responses apart. Give its cases different scores, or remove it.`,
    why: 'Advantages are differences inside a group: a constant adds nothing to any of them.',
    bad: 'rule polite {\n  +1 when contains(response, "please")\n  +1 otherwise\n}',
    good: 'rule polite {\n  +1 when contains(response, "please")\n  0 otherwise\n}',
  }),

  // ------------------------------------------------------------------ prompt, motivations, arms
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

  // ------------------------------------------------------------------ plan and watches
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

  // ------------------------------------------------------------------ examples
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
} as const;

/** All kinds, in the order of their codes. */
export function diagnosticKinds(): Omit<DiagnosticKind<never>, 'message'>[] {
  return Object.values(DIAGNOSTICS);
}
