import assert from 'node:assert/strict';
import { merf, SMALL, temporaryFolder } from './merf.ts';

const example = (name: string, response: string, expected: string): string => `
example "${name}" {
  row { names: ["Zoey"], solution: { Zoey: "knave" } }
  response "${response}"
  expect ${expected}
}
`;
const RIGHT = '<think>…</think><answer>Zoey is a knave.</answer>';
const PASSES = example('right', RIGHT, 'reward 3, format +1');
const FAILS = example(
  'Wrong & "mean" <one>'.replaceAll('"', '\\"'),
  'Zoey\\tis a knave \u0001',
  'reward 3, format +1, correctness -2',
);

describe('merf test', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();

  it('ends well when every example passes', () => {
    const { status, stdout } = merf(['test', folder.write('a.merf', SMALL + PASSES)]);
    assert.deepEqual([status, stdout], [0, '1 example: 1 passed, 0 failed.\n']);
  });

  it('shows a failure at its line, with what was expected and what came for each rule', () => {
    const file = folder.write('a.merf', SMALL + PASSES + FAILS);
    const { status, stdout } = merf(['test', file]);
    const line = (SMALL + PASSES).split('\n').length + 1;
    assert.equal(status, 1);
    assert.equal(
      stdout,
      `${file}:${line}:1 failed "Wrong & "mean" <one>"\n` +
        '  reward: expected 3, got -3\n' +
        '  format: expected +1, got -1 (case 2: the response has any other shape)\n' +
        '  correctness: -2 as expected\n' +
        '2 examples: 1 passed, 1 failed.\n',
    );
  });

  it('runs those whose name has the words', () => {
    const file = folder.write('a.merf', SMALL + PASSES + FAILS);
    assert.equal(merf(['test', file, '--filter', 'RIGHT']).stdout, '1 example: 1 passed, 0 failed.\n');
    const none = merf(['test', file, '--filter', 'zzz']);
    assert.deepEqual([none.status, none.stdout], [1, '']);
    assert.match(none.stderr, /No example has "zzz" in its name\. Leave out/);
  });

  it('goes on after a file that cannot be used, and says so in every form', () => {
    const good = folder.write('good.merf', SMALL + PASSES);
    const broken = folder.write('broken.merf', SMALL.replace('== solution', '== solutoin'));
    const text = merf(['test', broken, folder.path('none.merf'), good]);
    assert.equal(text.status, 1);
    assert.match(text.stdout, /broken\.merf:22:\d+: MERF111: .*\n.*There is no file .*none\.merf/s);
    assert.match(text.stdout, /\n1 example: 1 passed, 0 failed, 2 files with errors\.\n$/);
    const json = JSON.parse(merf(['test', broken, good, '--format', 'json']).stdout);
    assert.deepEqual([json.passed, json.failed, json.notRun, json.broken], [1, 0, 0, 1]);
    assert.match(json.files[0].error, /MERF111/);
    assert.equal(json.files[1].examples[0].status, 'passed');
  });

  it('tells the editor places and cases as JSON', () => {
    const { stdout } = merf(['test', folder.write('a.merf', SMALL + FAILS), '--format', 'json']);
    const [found] = JSON.parse(stdout).files[0].examples;
    assert.equal(found.name, 'Wrong & "mean" <one>');
    assert.deepEqual(found.position, { line: SMALL.split('\n').length, character: 0 });
    const format = found.judgements.find((each: { rule: string }) => each.rule === 'format');
    const line = SMALL.split('\n').findIndex((each) => each.includes('any other shape'));
    assert.deepEqual(format, {
      rule: 'format',
      expected: 1,
      actual: -1,
      passed: false,
      case: 1,
      text: 'the response has any other shape',
      position: { line, character: 4 },
    });
  });

  it('writes JUnit XML that is well formed whatever the names and texts are', () => {
    const broken = folder.write('b.merf', 'experiment <&"\u0001');
    const { stdout } = merf(['test', folder.write('a.merf', SMALL + PASSES + FAILS), broken, '--format', 'junit']);
    assert.match(
      stdout,
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="merf test" tests="3" failures="1" errors="1" skipped="0" /,
    );
    const tags: string[] = [];
    const pattern =
      /<(\/?)([a-z]+)((?: [a-z]+="[^"<>&]*(?:&(?:lt|gt|amp|quot|#\d+);[^"<>&]*)*")*)(\/?)>|[^<>&]|&(?:lt|gt|amp|quot|#\d+);/gy;
    const body = stdout.slice(stdout.indexOf('\n') + 1);
    let end = 0;
    for (const [whole, close, name = '', , empty] of body.matchAll(pattern)) {
      end += whole.length;
      if (name === '' || empty) continue;
      if (close) assert.equal(tags.pop(), name);
      else tags.push(name);
    }
    assert.equal(end, body.length, `not XML: ${body.slice(end, end + 80)}`);
    assert.deepEqual(tags, []);
    assert.ok(!stdout.includes('\u0001'));
    assert.match(
      stdout,
      /<testcase name="Wrong &amp; &quot;mean&quot; &lt;one&gt;" .*line="\d+" time="\d+\.\d{3}">\n\s+<failure message="reward: expected 3, got -3; format: /,
    );
  });

  it('runs verifiers, takes what is given for an answer, and says what was not run and why', () => {
    const ask = `
verifier is_right(answer, solution): bool from "./verify.mjs" timeout 20s
judge kind(answer): 0..10 {
  endpoint "http://127.0.0.1:9/v1"  model "none"  key "MERF_TEST_NO_SUCH_KEY"
  prompt "How kind is {answer}?"
}
`;
    const text = SMALL.replace('reward {', `${ask}reward {`).replace(
      'motivation full {',
      `motivation full only format {`,
    );
    const rules = text.replace(
      '  rule format "Format" {',
      '  rule asked "Asked" {\n    +1 when is_right(answer, solution) : "right"\n    0  otherwise : "wrong"\n  }\n' +
        '  rule kindness "Kind" {\n    +1 when contains(answer, "please") and kind(answer) > 5 : "kind"\n' +
        '    0  otherwise : "not kind"\n  }\n  rule format "Format" {',
    );
    folder.write(
      'verify.mjs',
      'export const is_right = ({ answer, solution }) => Object.keys(solution).some((name) => answer.includes(name));',
    );
    const asked = (name: string, answer: string, more: string): string =>
      `example "${name}" {\n  row { names: ["Zoey"], solution: { Zoey: "knave" } }\n  response "<answer>${answer}</answer>"\n${more}}\n`;
    const file = folder.write(
      'asked.merf',
      rules +
        asked('verified', 'Zoey', '  expect asked +1, kindness 0\n') +
        asked('refuted', 'Oliver', '  expect asked +1\n') +
        asked('given', 'Oliver, please', '  given is_right true\n  given kind 9\n  expect asked +1, kindness +1\n') +
        asked('needs a key', 'please', '  expect kindness +1\n'),
    );
    const { status, stdout } = merf(['test', file]);
    assert.equal(status, 1, stdout);
    assert.match(stdout, /failed "refuted"\n {2}asked: expected \+1, got 0 \(case 2: wrong\)\n/);
    assert.match(stdout, /not run "needs a key"\n {2}.*MERF_TEST_NO_SUCH_KEY.* Or write `given kind …`/);
    assert.match(stdout, /4 examples: 2 passed, 1 failed, 1 not run\.\n$/);
    assert.match(merf(['test', file, '--format', 'junit']).stdout, /skipped="1"[\s\S]*<skipped message="/);
  });
});
