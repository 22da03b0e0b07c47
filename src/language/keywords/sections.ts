// The sections of a file, and the messages of a prompt.

import type { KeywordDoc } from './entry.ts';

export const SECTION_WORDS: readonly KeywordDoc[] = [
  {
    word: 'experiment',
    doc: 'Names the experiment. `///` comments above it describe it.',
    example: 'experiment knights_and_knaves',
  },
  {
    word: 'task',
    doc: 'Where the rows come from: a built-in task and its arguments. Its columns can be used in the prompt and in rules.',
    example: 'task knights_and_knaves(people: 3..7, train: 4500, test: 700, seed: 1)',
  },
  {
    word: 'prompt',
    doc: 'What the model is asked: texts with holes for columns (`{quiz}`) and for the motivation (`{motivation}`). `{{` is a literal brace.',
    example: 'prompt {\n  system "Think first. {motivation}"\n  user "{quiz}"\n}',
  },
  {
    word: 'system',
    within: ['DerivationStep'],
    doc: 'The motivation stands in the system message: at its `{motivation}`, or at its end where it has none.',
    example: 'motivation full at system { "{rules}" }',
  },
  {
    word: 'user',
    within: ['DerivationStep'],
    doc: "The motivation stands in the user's message: at its `{motivation}`, or at its end where it has none.",
    example: 'motivation full at user { "{rules}" }',
  },
  { word: 'system', doc: 'The system message of the chat.', example: 'system "Think first. {motivation}"' },
  { word: 'user', doc: "The user's message of the chat; every prompt has one.", example: 'user "{quiz}"' },
  {
    word: 'response',
    within: ['ExampleResponse', 'ExampleSection'],
    doc: 'The response that the example scores, as the model would write it.',
    example: 'response "<think>…</think><answer>Zoey is a knave.</answer>"',
  },
  {
    word: 'response',
    doc: 'Captures: named parts of the response. One that is not there is `none`; a condition over `none` is false.',
    example: 'response {\n  answer = tag("answer")\n  roles  = assignments(answer, "{name} is a {role}")\n}',
  },
  {
    word: 'reward',
    doc: 'The rules, and how they make the total of a response: the sum of their scores, each times its weight, where nothing else is said.',
    example:
      'reward {\n  rule format "Format" {\n    +1 when exactly(think, answer) : "both parts are there"\n    -1 otherwise                   : "anything else"\n  }\n}',
  },
  {
    word: 'motivation',
    within: ['ArmMotivation', 'ArmSection'],
    doc: 'Which motivation the arm’s model reads; `none`: plain reinforcement learning.',
    example: 'arm merf { motivation full }',
  },
  {
    word: 'motivation',
    within: ['EvaluateSetting'],
    doc: 'Evaluate with the motivation in the prompt.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  {
    word: 'motivation',
    doc: 'What the model reads about its reward. `{rules}` is written from the rules, so that text and score cannot drift apart; `{reward.min}` and `{reward.max}` are the bounds of the total, `{total}` says how it is made. Others can be derived from it.',
    example: 'motivation full { "Scoring rules:\\n{rules}" }\nmotivation partial = full only correctness',
  },
  {
    word: 'arm',
    doc: 'One of the trainings that are compared: the experiment with some settings replaced.',
    example: 'arm hot { motivation full  train { temperature 1.2 } }',
  },
  {
    word: 'train',
    doc: 'The plan of the training. In an arm: the settings that differ there.',
    example: 'train {\n  model bundled:tiny\n  steps 60  prompts 8  group 8\n}',
  },
  {
    word: 'watch',
    doc: 'Conditions on the metrics of a run that raise an alert or stop it.',
    example: 'watch {\n  alert when truncated > 15% for 5 steps\n}',
  },
  {
    word: 'example',
    doc: 'A test: a row, a response, and what they should score.',
    example:
      'example "solved" {\n  row { names: ["Zoey"], solution: { Zoey: "knave" } }\n  response "…"\n  expect reward 3, format +1\n}',
  },
  {
    word: 'import',
    doc: 'Brings the captures, rules, verifiers, judges and motivations of another file, which stand before this file’s own.',
    example: 'import "./shared.merf"',
  },
  {
    word: 'verifier',
    doc: 'A script (JavaScript or Python) that is asked what a condition cannot tell. Where it fails or takes too long, the sample is invalid: left out of its group, never scored zero.',
    example: 'verifier run_tests(code, cases): 0..1 from "./verify.py" timeout 5s',
  },
  {
    word: 'judge',
    doc: 'A model behind an OpenAI-compatible endpoint that is asked for a number, a yes or no, or a text. Where it does not answer, the sample is invalid: left out of its group, never scored zero.',
    example:
      'judge helpful(reply): 0..10 {\n  endpoint "https://api.openai.com/v1"\n  model "gpt-4o-mini"\n  prompt "How helpful is this reply?\\n{reply}"\n}',
  },
  {
    word: 'stage',
    doc: 'A small run before the real one, with the arm’s plan and the settings that differ; the next one starts only when everything after `pass when` holds at its end.',
    example: 'stage pilot { steps 30  prompts 4  pass when accuracy > 5% for 3 steps }',
  },
];
