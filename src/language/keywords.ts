// What hover and completion say about every word of the grammar, with an example. A word that means different things in
// different places (`response`, `motivation`) has an entry for each, told apart by the syntax node it stands in.

export interface KeywordDoc {
  word: string;
  /** Syntax nodes ($type) this entry is for; absent: everywhere else. */
  within?: readonly string[];
  doc: string;
  example: string;
}

export const KEYWORDS: readonly KeywordDoc[] = [
  // ------------------------------------------------------------------ sections
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
    doc: 'The rules. The total of a response is the sum of its rules’ scores, each times its weight.',
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
    doc: 'What the model reads about its reward. `{rules}` is written from the rules, so that text and score cannot drift apart; `{reward.min}` and `{reward.max}` are the bounds of the total. Others can be derived from it.',
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

  // ------------------------------------------------------------------ rules
  {
    word: 'rule',
    doc: 'A rule: cases tried from the top, the first that holds gives the score. The title is what the model reads as its name; the text after `:` is what it reads of a case.',
    example:
      'rule format "Format" {\n  +1 when exactly(think, answer) : "both parts are there"\n  -1 otherwise                   : "anything else"\n}',
  },
  {
    word: 'weight',
    doc: 'What the rule’s score is multiplied by in the total; 1 when left out.',
    example: 'rule style "Style" weight 0.5 { … }',
  },
  {
    word: 'when',
    within: ['WatchItem'],
    doc: 'The condition of the watch: a metric compared with a number.',
    example: 'alert when kl > 2.0 for 10 steps',
  },
  {
    word: 'when',
    doc: 'The condition of the case: an expression that is true or false.',
    example: '+2 when roles == solution',
  },
  {
    word: 'otherwise',
    doc: 'The last case: for every response that no case above took.',
    example: '-1 otherwise : "anything else"',
  },

  // ------------------------------------------------------------------ motivations
  {
    word: 'only',
    doc: 'The other motivation with only these rules shown.',
    example: 'motivation partial = full only correctness',
  },
  {
    word: 'without',
    within: ['EvaluateSetting'],
    doc: 'Evaluate with an empty motivation too: what was learned, and not only read.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  {
    word: 'without',
    doc: 'The other motivation with these rules left out.',
    example: 'motivation quiet = full without format',
  },
  {
    word: 'inverted',
    doc: 'The other motivation with every number negated: the adverse motivation of the MeRF paper.',
    example: 'motivation adverse = full inverted',
  },
  {
    word: 'none',
    within: ['ArmMotivation', 'Derivation'],
    doc: 'No motivation: the model reads nothing about its reward.',
    example: 'arm rlvr { motivation none }',
  },
  { word: 'none', doc: 'The value of what is not there.', example: '-1 when answer is none' },

  // ------------------------------------------------------------------ plan, watches, examples
  {
    word: 'evaluate',
    doc: 'Answers the held-out rows every so many steps, with the motivation in the prompt, without it, or both.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  { word: 'every', doc: 'How many steps lie between evaluations.', example: 'evaluate every 20 steps without' },
  {
    word: 'steps',
    doc: 'Steps of the training.',
    example: 'alert when truncated > 15% for 5 steps',
  },
  {
    word: 'with',
    doc: 'Evaluate with the motivation in the prompt.',
    example: 'evaluate every 20 steps with motivation',
  },
  {
    word: 'alert',
    doc: 'Raises an alert when the condition holds; the training goes on.',
    example: 'alert when truncated > 15%',
  },
  { word: 'stop', doc: 'Stops the training when the condition holds.', example: 'stop when kl > 2.0 for 10 steps' },
  {
    word: 'share',
    doc: 'The rule’s part of the variance of the rewards inside a group, 0% to 100%.',
    example: 'alert when share(format) > 70% after 50 steps',
  },
  {
    word: 'for',
    doc: 'For how many steps in a row the condition must hold.',
    example: 'stop when kl > 2.0 for 10 steps',
  },
  {
    word: 'after',
    doc: 'The condition is looked at only after this step.',
    example: 'alert when share(format) > 70% after 50 steps',
  },
  {
    word: 'row',
    doc: 'The row that the example scores: columns of the task and their values.',
    example: 'row { names: ["Zoey"] }',
  },
  {
    word: 'expect',
    doc: 'What the example should score: `reward` for the total, or a rule’s name.',
    example: 'expect reward 3, format +1',
  },

  // ------------------------------------------------------------------ expressions
  {
    word: 'and',
    within: ['EvaluateSetting'],
    doc: 'And without the motivation too.',
    example: 'evaluate every 20 steps with motivation and without',
  },
  { word: 'and', doc: 'Both conditions hold.', example: '+1 when finished and tokens < 512' },
  { word: 'or', doc: 'At least one of the conditions holds.', example: '-1 when answer is none or tokens > 512' },
  { word: 'not', doc: 'The condition does not hold; also in `not in` and `is not`.', example: '-1 when not finished' },
  {
    word: 'in',
    within: ['Quantifier'],
    doc: 'The list that the variable runs over.',
    example: 'all(name in names: contains(answer, name))',
  },
  {
    word: 'in',
    doc: 'The value is in the list; `not in`: it is not.',
    example: '+1 when lower(answer) in ["yes", "no"]',
  },
  {
    word: 'is',
    doc: '`is none`: not there. After a rule’s name: the rule gave this score. Otherwise the same as `==`.',
    example: '-2 when format is -1',
  },
  { word: 'if', doc: 'One value or another.', example: '(if finished then 1 else -1) otherwise' },
  { word: 'then', doc: 'The value when the condition holds.', example: '(if finished then 1 else -1) otherwise' },
  {
    word: 'else',
    doc: 'The value when the condition does not hold.',
    example: '(if finished then 1 else -1) otherwise',
  },
  {
    word: 'all',
    doc: 'The condition holds for every item of the list.',
    example: 'all(name in names: contains(answer, name))',
  },
  {
    word: 'any',
    doc: 'The condition holds for at least one item of the list.',
    example: 'any(word in words(answer): word == "knave")',
  },
  {
    word: 'count',
    doc: 'For how many items of the list the condition holds.',
    example: 'count(line in lines(think): contains(line, "so")) > 3',
  },
  { word: 'true', doc: 'The condition that always holds.', example: 'finished == true' },
  { word: 'false', doc: 'The condition that never holds.', example: 'finished == false' },
];

/** The entry for a word in a syntax node of this type. */
export function keywordDoc(word: string, nodeType: string): KeywordDoc | undefined {
  const entries = KEYWORDS.filter((entry) => entry.word === word);
  return entries.find((entry) => entry.within?.includes(nodeType)) ?? entries.find((entry) => !entry.within);
}
