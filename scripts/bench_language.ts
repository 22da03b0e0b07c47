// How long a keystroke takes to become diagnostics in a file of 1,000 lines: a real language server over stdio, one
// character typed at a time in the middle of the file, from sending the change to the diagnostics of that version: in a
// text, and in a condition that is broken while it is typed. Also the checking alone, in this process. The last line is
// one JSON object, times in milliseconds.

import { analyse } from '../src/language/check.ts';
import { Reader } from '../src/language/reader.ts';
import { startSession } from '../test/language/session.ts';

const LINES = 1000;
const WARM_UP = 8;
const KEYSTROKES = 40;
const URI = 'file:///bench.merf';

const text = fileOf(LINES);
const checked = timeChecks();
const typed = await timeKeystrokes('briefly', 'x');
const broken = await timeKeystrokes(' : "every name', ' and'.padEnd(WARM_UP + KEYSTROKES, ' ('));
for (const [what, { median, p95 }] of Object.entries({ 'checking alone': checked, typing: typed, broken }))
  process.stdout.write(`${what}: median ${median} ms, p95 ${p95} ms\n`);
const result = {
  lines: LINES,
  keystrokes: KEYSTROKES,
  median_ms: typed.median,
  p95_ms: typed.p95,
  check_median_ms: checked.median,
  broken_median_ms: broken.median,
  broken_p95_ms: broken.p95,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** An experiment of this many lines: rules, arms and examples in the proportions of a large one. */
function fileOf(lines: number): string {
  const head = `experiment bench
task knights_and_knaves(people: 3..7)
prompt {
  system "{motivation}"
  user "{quiz}"
}
response {
  think  = tag("think")
  answer = tag("answer")
  roles  = assignments(answer, "{name} is a {role}")
}
motivation full { "{rules}" }
train { steps 280  prompts 16  group 8 }
reward {`.split('\n');
  const rules: string[] = [];
  const rest: string[] = [];
  for (let i = 0; head.length + rules.length + rest.length + 14 < lines; i++) {
    rules.push(
      `  /// What number ${i} looks at.`,
      `  rule rule_${i} "Rule ${i}" weight 0.5 {`,
      `    -2    when ${i === 0 ? 'think is none' : `rule_${i - 1} is -2`} : "a part is missing"`,
      `    +2    when roles == solution and length(words(think)) < ${i + 10} : "every identity is stated, briefly"`,
      `    -1.5  when all(name in names: contains(lower(answer), lower(name))) : "every name is said"`,
      '    -2    otherwise : "anything else"',
      '  }',
      '',
    );
    if (i % 4 === 0) rest.push(`arm arm_${i} { motivation full  train { temperature ${1 + i / 1000} } }`);
    if (i % 4 !== 1) continue;
    rest.push(
      `example "example ${i}" {`,
      '  row { names: ["Zoey", "Oliver"], solution: { Zoey: "knave", Oliver: "knight" } }',
      '  response "<think>…</think><answer>Zoey is a knave, Oliver is a knight.</answer>"',
      `  expect rule_${i} +2`,
      '}',
    );
  }
  const written = [...head, ...rules, '}', ...rest];
  return [...written, ...new Array<string>(lines - written.length).fill('// filled up')].join('\n');
}

function timeChecks(): { median: number; p95: number } {
  const reader = new Reader();
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + KEYSTROKES; i++) {
    const changed = text.replace('briefly', `briefly ${'x'.repeat(i)}`);
    const start = performance.now();
    analyse(changed, undefined, reader);
    if (i >= WARM_UP) times.push(performance.now() - start);
  }
  return summary(times);
}

/** @param before what the characters are typed before, in the middle of the file; @param characters typed in turn */
async function timeKeystrokes(before: string, characters: string): Promise<{ median: number; p95: number }> {
  const session = await startSession();
  await session.open(URI, text);
  const opened = await session.diagnosticsOf(URI, 1);
  process.stdout.write(`${text.split('\n').length} lines, ${opened.diagnostics.length} diagnostics\n`);
  const lines = text.split('\n');
  const line = lines.findIndex((each, index) => index > LINES / 2 && each.includes(before));
  const character = (lines[line] ?? '').indexOf(before);
  const times: number[] = [];
  for (let i = 0; i < WARM_UP + KEYSTROKES; i++) {
    const version = i + 2;
    const at = { line, character: character + i };
    const start = performance.now();
    await session.connection.sendNotification('textDocument/didChange', {
      textDocument: { uri: URI, version },
      contentChanges: [{ range: { start: at, end: at }, text: characters[i % characters.length] }],
    });
    await session.diagnosticsOf(URI, version);
    if (i >= WARM_UP) times.push(performance.now() - start);
  }
  await session.close();
  return summary(times);
}

function summary(times: readonly number[]): { median: number; p95: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1));
  return { median: at(0.5), p95: at(0.95) };
}
