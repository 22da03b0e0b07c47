// The settings of a `judge`: what each takes and what it is when left out. The checker, hover, completion and
// docs/language.md all read this table.

export interface JudgeSetting {
  name: string;
  /** What it takes, as it reads after "must be". */
  wanted: string;
  /** As written when it is left out; null: nothing, or it must be there. */
  standard: string | null;
  required: boolean;
  doc: string;
  example: string;
}

/** Limits of the settings that are one number; durations in seconds. */
export const JUDGE_LIMITS = {
  temperature: { min: 0, max: 2, integer: false },
  timeout: { min: 0.1, max: 3600, integer: false },
  retries: { min: 0, max: 20, integer: true },
  concurrency: { min: 1, max: 256, integer: true },
} as const;

export const JUDGE_SETTINGS: readonly JudgeSetting[] = [
  {
    name: 'endpoint',
    wanted: 'the base address of an OpenAI-compatible server in quotes, beginning with https:// or http://',
    standard: null,
    required: true,
    doc: 'Where the judge is: the base address of an OpenAI-compatible server, to which `/chat/completions` is added.',
    example: 'endpoint "https://api.openai.com/v1"',
  },
  {
    name: 'model',
    wanted: "the model's name at the endpoint, in quotes",
    standard: null,
    required: true,
    doc: 'The model that judges, by its name at the endpoint.',
    example: 'model "gpt-4o-mini"',
  },
  {
    name: 'prompt',
    wanted: 'a text',
    standard: null,
    required: true,
    doc: 'What the judge is asked. `{parameter}` is filled with an argument of the call, between marks that say it is data.',
    example: 'prompt "How helpful is this reply?\\n{reply}"',
  },
  {
    name: 'system',
    wanted: 'a text',
    standard: null,
    required: false,
    doc: 'The system message of the judge. How to answer, and that what is between the marks is data, is added to it.',
    example: 'system "You judge replies to customers."',
  },
  {
    name: 'key',
    wanted: 'the name of an environment variable in quotes',
    standard: null,
    required: false,
    doc: 'The name of the environment variable (or of the secret in VS Code) that holds the key; never the key itself.',
    example: 'key "OPENAI_API_KEY"',
  },
  {
    name: 'temperature',
    wanted: 'a number from 0 to 2',
    standard: '0',
    required: false,
    doc: 'Sampling temperature of the judge.',
    example: 'temperature 0',
  },
  {
    name: 'timeout',
    wanted: 'a time from 100ms to 60min',
    standard: '30s',
    required: false,
    doc: 'How long one request may take.',
    example: 'timeout 30s',
  },
  {
    name: 'retries',
    wanted: 'a whole number from 0 to 20',
    standard: '3',
    required: false,
    doc: 'How often a request that failed is sent again, each time after a longer pause.',
    example: 'retries 3',
  },
  {
    name: 'concurrency',
    wanted: 'a whole number from 1 to 256',
    standard: '8',
    required: false,
    doc: 'How many requests may be under way at once.',
    example: 'concurrency 8',
  },
  {
    name: 'price',
    wanted: 'two numbers: dollars for a million tokens read and for a million tokens written',
    standard: null,
    required: false,
    doc: 'Dollars for a million tokens of the prompt and of the answer; with it the cost is counted.',
    example: 'price 0.15, 0.6',
  },
];

export function judgeSetting(name: string): JudgeSetting | undefined {
  return JUDGE_SETTINGS.find((setting) => setting.name === name);
}
