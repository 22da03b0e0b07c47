import assert from 'node:assert/strict';
import { merf, SMALL, temporaryFolder } from './merf.ts';

const row = { names: ['Zoey', 'Oliver'], solution: { Zoey: 'knave', Oliver: 'knight' } };
const line = (response: unknown, more: object = {}): string => `${JSON.stringify({ row, response, ...more })}\n`;
const good = '<think>\u2028</think><answer>Zoey is a knave, Oliver is a knight.</answer>';

describe('merf', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  const small = (): string => folder.write('small.merf', SMALL);

  describe('score', () => {
    it('prints the total, and of each rule the case and the score', () => {
      const responses = folder.write('r.jsonl', line(good) + line('nonsense'));
      const { status, stdout } = merf(['score', small(), '--responses', responses]);
      assert.equal(status, 0);
      assert.match(stdout, /^line 1: total \+3\n {2}format +\+1 +case 1: .*\n {2}correctness +\+2 +case 2: every/);
      assert.match(stdout, /line 2: total -3\n {2}format +-1 +case 2: .*\n {2}correctness +-2 +case 1: /);
      assert.match(stdout, /2 scored, mean total 0, full marks 1\n$/);
    });

    it('answers every line as JSON, also from the standard input, and keeps count over a bad one', () => {
      const input = `${line(good)}\n{"row": {}\n${line(7)}${line('x', { tokens: -1 })}${line('').trim()}`;
      const { status, stdout, stderr } = merf(['score', small(), '--responses', '-', '--format', 'json'], input);
      assert.equal(status, 1);
      const answers: { line: number; total?: number; error?: string }[] = stdout
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each));
      assert.deepEqual(
        answers.map((answer) => [answer.line, answer.total ?? 'refused']),
        [
          [1, 3],
          [3, 'refused'],
          [4, 'refused'],
          [5, 'refused'],
          [6, -3],
        ],
      );
      assert.match(stderr, /line 3: It is not JSON\. Write \{"row"/);
      assert.match(stderr, /line 4: "response" is missing or of another type\. Write/);
      assert.match(stderr, /line 5: "tokens" is not what it must be\. Write/);
    });

    it('serves line by line until its input ends', () => {
      const { status, stdout } = merf(['score', small(), '--serve'], `${line(good)}oops\n${line('x')}`);
      assert.equal(status, 0);
      const [first, second, third] = stdout
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each));
      assert.equal(first.total, 3);
      assert.match(second.error, /not JSON/);
      assert.equal(third.total, -3);
    });

    it('says which file is missing, empty or broken, in one sentence and the remedy', () => {
      const missing = merf(['score', small(), '--responses', folder.path('none.jsonl')]);
      assert.deepEqual([missing.status, missing.stdout], [1, '']);
      assert.match(missing.stderr, /^merf: .*none\.jsonl does not exist\. Give the path .*\n$/);
      const empty = merf(['score', small(), '--responses', folder.write('empty.jsonl', '\n')]);
      assert.match(empty.stderr, /^merf: .*empty\.jsonl has no lines\. /);
      const broken = folder.write('broken.merf', SMALL.replace('roles == solution', 'roles == solutoin'));
      const { status, stderr } = merf(['score', broken, '--responses', '-']);
      assert.equal(status, 1);
      assert.match(stderr, /broken\.merf has an error:\n {2}.*broken\.merf:22:\d+: MERF\d+: .*solution/);
      assert.doesNotMatch(stderr, /\n {4}at /);
    });
  });

  describe('motivation', () => {
    it('prints every arm with its heading, or one arm alone', () => {
      const all = merf(['motivation', small()]);
      assert.match(all.stdout, /^── arm rlvr: no motivation\n\n── arm merf: motivation full\nRules:\nFormat:\n\+1: /);
      assert.doesNotMatch(all.stdout, /no arm uses it/);
      const idle = folder.write('idle.merf', SMALL.replace('motivation full }', 'motivation none }'));
      assert.match(merf(['motivation', idle]).stdout, /\n── motivation full: no arm uses it\nRules:\n/);
      const one = merf(['motivation', small(), '--arm', 'merf']);
      assert.match(one.stdout, /^Rules:\n(.*\n)+From -3 to 3\.\n$/);
      const none = merf(['motivation', small(), '--arm', 'rlvr']);
      assert.deepEqual([none.status, none.stdout], [0, '']);
      const unknown = merf(['motivation', small(), '--arm', 'mrf']);
      assert.deepEqual([unknown.status, unknown.stdout], [1, '']);
      assert.equal(unknown.stderr, 'merf: There is no arm named mrf. Use one of: rlvr, merf.\n');
    });
  });

  describe('prompt and data', () => {
    it('print the same row', () => {
      const rows = merf(['data', small(), '--split', 'test', '--count', '3']).stdout.trim().split('\n');
      assert.equal(rows.length, 3);
      const quiz: string = JSON.parse(rows[2] ?? '').quiz;
      const { stdout } = merf(['prompt', small(), '--arm', 'merf', '--split', 'test', '--row', '2', '--json']);
      const [system, user] = JSON.parse(stdout);
      assert.match(system.content, /^Answer inside <answer> <\/answer>\.\nRules:\nFormat:\n/);
      assert.deepEqual(user, { role: 'user', content: quiz });
    });

    it('print the messages where the model is not on this machine, and say so', () => {
      const { stdout, stderr } = merf(['prompt', small(), '--arm', 'rlvr']);
      assert.match(stdout, /^── system\nAnswer inside <answer> <\/answer>\.\n\n── user\n/);
      assert.match(stderr, /nobody\/has-this-model is not on this machine/);
    });

    it("render the model's own chat template where it is", () => {
      folder.write('config.json', '{}');
      folder.write(
        'chat_template.jinja',
        "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}[answer]",
      );
      const file = folder.write('here.merf', SMALL.replace('nobody/has-this-model', '.'));
      const { stdout } = merf(['prompt', file, '--arm', 'rlvr']);
      assert.match(
        stdout,
        /^\[system\] Answer inside <answer> <\/answer>\.\n\[user\] A very special island .*\n\[answer\]$/,
      );
    });

    it('name what there is when asked for what there is not', () => {
      const refused = (...given: string[]) => merf(['prompt', small(), ...given]).stderr;
      assert.equal(
        refused('--arm', 'merf', '--row', '6'),
        'merf: There is no row 6 in train. Give a whole number from 0 to 5.\n',
      );
      assert.equal(
        refused('--arm', 'merf', '--row', 'x'),
        'merf: --row cannot be x. Give a whole number, 0 or more.\n',
      );
      assert.equal(refused(), 'merf: The file has several arms. Choose one with --arm: rlvr, merf.\n');
    });
  });

  describe('doctor', () => {
    it('says what is here, what it gives, and how to get what is not', () => {
      const { status, stdout } = merf(['doctor', '--format', 'json']);
      assert.equal(status, 0);
      const findings: { name: string; found: boolean; gives: string; remedy: string | null }[] = JSON.parse(stdout);
      const names = findings.map(({ name }) => name);
      for (const name of ['Node.js', 'CPU', 'onnxruntime-node, cpu', 'bundled:tiny', '@tensorflow/tfjs-node-gpu']) {
        assert.ok(names.includes(name), name);
      }
      for (const { name, found, gives, remedy } of findings) {
        assert.ok(gives.length > 0 && (remedy === null) === found, name);
      }
    });

    it('says the same in Japanese', () => {
      const [en, ja] = ['en', 'ja'].map((language) => {
        const { stdout } = merf(['doctor', '--format', 'json', '--lang', language]);
        const findings: { found: boolean; gives: string; remedy: string | null }[] = JSON.parse(stdout);
        return findings;
      });
      assert.deepEqual(
        ja?.map(({ found }) => found),
        en?.map(({ found }) => found),
      );
      for (const { gives, remedy } of ja ?? []) assert.match(`${gives} ${remedy ?? '。'}`, /[ぁ-ん].*。$/);
    });
  });
});
