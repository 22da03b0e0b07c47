import assert from 'node:assert/strict';
import fc from 'fast-check';
import { captureReader } from '../../src/reward/captures.ts';
import { writeValue } from '../../src/reward/value.ts';
import type { ValueType } from '../../src/spec/expression.ts';
import type { Capture, Extractor } from '../../src/spec/specification.ts';

const TEXT: ValueType = { kind: 'text' };
const NUMBER: ValueType = { kind: 'number' };
const listOf = (of: ValueType): ValueType => ({ kind: 'list', of });
const recordOf = (of: ValueType): ValueType => ({ kind: 'record', of });
const invoice: ValueType = {
  kind: 'struct',
  fields: [
    { name: 'vendor', type: TEXT },
    { name: 'total', type: NUMBER },
  ],
};

const place = { line: 0, column: 0 };
const columns: Record<string, string[]> = {
  names: ['Zoey', 'Oliver'],
  roles: ['knight', 'knave'],
  days: ['Mon', 'Tue'],
};

function captured(extractor: Extractor, type: ValueType, response: string, ...others: Capture[]) {
  const captures = [...others, { name: 'x', extractor, type, place }];
  return captureReader(new Map(captures.map((one) => [one.name, one])), response, (name) => columns[name])('x');
}

/** What a capture of the whole response finds, as JSON. */
function found(extractor: Extractor, type: ValueType = TEXT): (response: string) => unknown {
  return (response) => writeValue(captured(extractor, type, response)?.value ?? null);
}

/** Each text with what is found in it. */
function check(find: (response: string) => unknown, expected: readonly [string, unknown][]): void {
  for (const [response, value] of expected) assert.deepEqual(find(response), value, JSON.stringify(response));
}

describe('the capture', () => {
  it('tag is the text inside the last tag that is closed', () => {
    check(found({ kind: 'tag', from: null, tag: 'a' }), [
      ['<a>1</a><a>2</a> <a>', '2'],
      ['<a>1<a>2</a></a>', '2'],
      ['<a></a>', ''],
      ...['', '<a>', '</a><a>', '</a>', 'a', '<A>1</A>'].map((text): [string, unknown] => [text, null]),
    ]);
  });

  it('after is the trimmed text after the last marker', () => {
    check(found({ kind: 'after', from: null, marker: '####' }), [
      ['#### 1\nso #### 42 \n', '42'],
      ['####', ''],
      ['### 42', null],
    ]);
    assert.equal(found({ kind: 'after', from: null, marker: '####' }, NUMBER)('… #### 1,200'), 1200);
    assert.equal(found({ kind: 'after', from: null, marker: '####' }, NUMBER)('… #### 42 apples'), null);
  });

  it('regex is the first group of the last match, or all of it', () => {
    const apples = found({ kind: 'regex', from: null, pattern: '([0-9]+) apples' });
    check(apples, [
      ['3 apples, no: 4 apples', '4'],
      [`${'1 apples '.repeat(50)}17 apples`, '17'],
      ['pears', null],
    ]);
    assert.equal(found({ kind: 'regex', from: null, pattern: '(?i)yes|no' })('YES, no, Yes.'), 'Yes');
    assert.equal(found({ kind: 'regex', from: null, pattern: '(?m)^A: (.*)$' })(`${'A: 1\n'.repeat(30)}A: 2\nB`), '2');
    const group = found({ kind: 'regex', from: null, pattern: '(a)|b' });
    check(group, [
      ['b a', 'a'],
      ['a b', null],
      [`${'a '.repeat(50)}b`, null],
    ]);
    assert.equal(found({ kind: 'regex', from: null, pattern: '(' })('('), null);
  });

  it('regex finds by one pass what it would find match by match', () => {
    const patterns = ['ab?', 'a.?b|a', '(b+)a', 'a(b)?', '\\ba', '(?:ab|a)(c|bcd)?', 'b$', '(?m)^a.'];
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ' ', '\n'), { maxLength: 80 });
    fc.assert(
      fc.property(fc.constantFrom(...patterns), texts, (pattern, letters) => {
        const text = letters.join('');
        const matches = [
          ...text.matchAll(new RegExp(pattern.replace('(?m)', ''), pattern.startsWith('(?m)') ? 'gm' : 'g')),
        ];
        const last = matches.at(-1);
        const expected =
          last === undefined ? null : pattern.includes('(b') || pattern.includes('(c') ? last[1] : last[0];
        assert.equal(found({ kind: 'regex', from: null, pattern })(text), expected ?? null);
      }),
      { numRuns: 500 },
    );
  });

  it('last_number is the last number with its sign, commas, decimals and exponent, outside of names', () => {
    check(found({ kind: 'last_number', from: null }, NUMBER), [
      ['so 3 + 4 = 7.', 7],
      ['it costs $1,234.50!', 1234.5],
      ['x = -3', -3],
      ['x = \u22123', -3],
      ['10-3', 3],
      ['between (1)-2', 2],
      ['6.02e23 of H2O in x_1', 6.02e23],
      ['答えは42です', 42],
      ['a list: 1,2345', 2345],
      ['.5', 0.5],
      ['none here', null],
      ['9'.repeat(500), null],
    ]);
    assert.equal(found({ kind: 'last_number', from: null })('it is 12.50 now'), '12.50');
  });

  it('boxed is inside the last \\boxed whose braces balance', () => {
    check(found({ kind: 'boxed', from: null }), [
      ['\\boxed{1} or $\\boxed{\\frac{1}{2}}$.', '\\frac{1}{2}'],
      ['\\boxed{\\boxed{5}}', '5'],
      ['\\boxed{\\{1, 2\\}}', '\\{1, 2\\}'],
      ['} { \\boxed {7}', '7'],
      ['\\fbox{8}', '8'],
      ['\\boxed{1', null],
      ['\\boxed{1} \\boxed{2', '1'],
      ['boxed{1}', null],
    ]);
  });

  it('json is the text itself, a fenced block, or the last balanced value', () => {
    const bare = found({ kind: 'json', from: null }, recordOf(TEXT));
    check(bare, [
      [
        '{"vendor": "ACME", "total": 12.50, "paid": true, "date": null}',
        { vendor: 'ACME', total: '12.50', paid: 'true' },
      ],
      ['First {"a": "1"}, then {"a": "2"}. See [1].', null],
      ['First {"a": "1"}, then {"a": "2"}.', { a: '2' }],
      ['```json\n{"a": "1"}\n```\nas in {"a": 3} [2]', { a: '1' }],
      ['a set {1, 2} and \\text{x}: {"a": "\\u00e9 \\" }"}', { a: 'é " }' }],
      ['{"a": "1"', null],
      ["{'a': 1}", null],
      ['{"a": 1,}', null],
      ['{"a": {"b": 1}}', {}],
      ['{"__proto__": "x"}', JSON.parse('{"__proto__": "x"}')],
    ]);
    const typed = found({ kind: 'json', from: null }, invoice);
    check(typed, [
      ['{"vendor": 12345, "total": 12.50, "more": [1]}', { vendor: '12345', total: 12.5 }],
      ['{"vendor": "ACME", "total": "12.50"}', { vendor: 'ACME' }],
      ['[1]', null],
    ]);
    check(found({ kind: 'json', from: null }, listOf(NUMBER)), [
      ['so [1, 2,3 ] it is', [1, 2, 3]],
      ['[1, "2"]', null],
    ]);
    assert.equal(found({ kind: 'json', from: null }, NUMBER)(' 42 '), 42);
  });

  it('json reads whatever JavaScript writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        fc.nat({ max: 8 }),
        (record, indent) => {
          const text = `Here: ${JSON.stringify(record, null, indent)} done`;
          assert.deepEqual(found({ kind: 'json', from: null }, recordOf(TEXT))(text), record);
        },
      ),
    );
  });

  it('code_block is inside the last closed fence of its language', () => {
    const python = found({ kind: 'code_block', from: null, language: 'python' });
    const any = found({ kind: 'code_block', from: null, language: null });
    const text =
      'Try\n```python\nx = 1\n```\nor\n  ```Python title=a\nx = 2\n\ny = 3\n  ```\nand\n```\nplain\n```\n```python\ncut';
    assert.equal(python(text), 'x = 2\n\ny = 3');
    assert.equal(any(text), 'plain');
    check(any, [
      ['````md\n```\ninner\n```\n````', '```\ninner\n```'],
      ['```\n```', ''],
      ['a ```b``` c', null],
      ['```\nopen', null],
    ]);
  });

  it('choice is the one option that is named', () => {
    const letter = found({ kind: 'choice', from: null, options: ['A', 'B', 'C'] });
    check(letter, [
      ['The answer is (B).', 'B'],
      ['B is a good answer', 'B'],
      ['b', 'B'],
      ['A or B', null],
      ['ABC', null],
      ['', null],
    ]);
    check(found({ kind: 'choice', from: null, options: ['sure', 'not sure', ''] }), [
      ['I am NOT  sure.', 'not sure'],
      ['Sure!', 'sure'],
      ['unsure', null],
    ]);
    assert.equal(found({ kind: 'choice', from: null, options: { column: 'days' } })('on mon'), 'Mon');
    assert.equal(found({ kind: 'choice', from: null, options: { column: 'gone' } })('on mon'), null);
  });

  it('lines are those that are not blank, and assignments the pairs, as a type where one is asked for', () => {
    check(found({ kind: 'lines', from: null }, listOf(TEXT)), [
      [' a \r\n\n b', ['a', 'b']],
      [' \n', null],
    ]);
    check(found({ kind: 'lines', from: null }, listOf(NUMBER)), [
      ['1\n2,000', [1, 2000]],
      ['1\ntwo', null],
    ]);
    const ages: Capture = { name: 'a', extractor: { kind: 'after', from: null, marker: ':' }, type: TEXT, place };
    const pairs: Extractor = { kind: 'assignments', from: 'a', pattern: '{name} is {age}' };
    assert.deepEqual(captured(pairs, recordOf(NUMBER), 'So: Zoey is 3', ages)?.value, new Map([['Zoey', 3]]));
  });

  it('knows where in the response it stands, through the captures it looks in', () => {
    const response = '<think>x</think><answer> It is {"total": 7} now</answer>';
    const answer: Capture = {
      name: 'answer',
      extractor: { kind: 'tag', from: null, tag: 'answer' },
      type: TEXT,
      place,
    };
    const at = (extractor: Extractor, type: ValueType = TEXT): string => {
      const { start, end } = captured(extractor, type, response, answer) ?? { start: 0, end: 0 };
      return response.slice(start, end);
    };
    assert.equal(at({ kind: 'json', from: 'answer' }, invoice), '{"total": 7}');
    assert.equal(at({ kind: 'last_number', from: 'answer' }), '7');
    assert.equal(at({ kind: 'choice', from: 'answer', options: ['IT', 'they'] }), 'It');
    assert.equal(at({ kind: 'after', from: 'answer', marker: 'is' }), '{"total": 7} now');
  });

  it('is none where the capture it looks in is none, is no text, or is itself', () => {
    const none: Capture = { name: 'a', extractor: { kind: 'tag', from: null, tag: 'a' }, type: TEXT, place };
    assert.equal(captured({ kind: 'lines', from: 'a' }, listOf(TEXT), 'text', none), null);
    assert.equal(captured({ kind: 'lines', from: 'a' }, listOf(TEXT), '<a>1</a>', { ...none, type: NUMBER }), null);
    assert.equal(captured({ kind: 'lines', from: 'x' }, listOf(TEXT), 'text'), null);
    assert.equal(captured({ kind: 'lines', from: 'gone' }, listOf(TEXT), 'text'), null);
  });
});

const everyKind: [Extractor, ValueType][] = [
  [{ kind: 'tag', from: null, tag: 'a' }, TEXT],
  [{ kind: 'regex', from: null, pattern: '(a+)+$|a.*b|(x+x+)+y' }, TEXT],
  [{ kind: 'after', from: null, marker: 'a' }, NUMBER],
  [{ kind: 'last_number', from: null }, NUMBER],
  [{ kind: 'boxed', from: null }, TEXT],
  [{ kind: 'json', from: null }, recordOf(TEXT)],
  [{ kind: 'json', from: null }, listOf(recordOf(listOf(NUMBER)))],
  [{ kind: 'code_block', from: null, language: 'a' }, TEXT],
  [{ kind: 'choice', from: null, options: ['a', 'a a a', 'yes'] }, TEXT],
  [{ kind: 'lines', from: null }, listOf(NUMBER)],
  [{ kind: 'tag', from: null, tag: 'a' }, invoice],
];

describe('captures of hostile responses', () => {
  it('never throw, and lie inside the response', () => {
    const pieces = [
      '<a>',
      '</a>',
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      '\\boxed{',
      '```',
      '\n',
      ':',
      ',',
      '-',
      '1',
      'a',
      ' ',
      '\0',
      '\ud800',
      'é',
    ];
    const responses = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary' })), { maxLength: 60 });
    fc.assert(
      fc.property(responses, fc.constantFrom(...everyKind), (parts, [extractor, type]) => {
        const response = parts.join('');
        const capture = captured(extractor, type, response);
        if (capture === null) return;
        assert.ok(0 <= capture.start && capture.start <= capture.end && capture.end <= response.length);
        if (capture.value === '' || typeof capture.value !== 'string' || extractor.kind === 'choice') return;
        assert.equal(response.slice(capture.start, capture.end), capture.value);
      }),
      { numRuns: 3000 },
    );
  }).timeout(30_000);

  const HOSTILE = [
    '<a>',
    '</a>',
    '<a></a>',
    'a',
    'a a ',
    'aaaaab',
    'x',
    '{',
    '[',
    '[{',
    '[[]',
    '{"a":',
    '["',
    '[" ',
    '["a",',
    '{"a":1}',
    '[" {',
    '{"\\"',
    '\\boxed{',
    '\\boxed{}',
    '{}',
    '}{',
    '```\n',
    '```a\n',
    '``` ```\n',
    '```',
    '1',
    '1,',
    '1,111',
    '-',
    '--1',
    '1.',
    '1e',
    '\n',
    '\r\n',
    ' ',
    '\0',
    'yes no ',
    'a\n',
    '"',
    '\\',
  ];
  for (const [extractor, type] of everyKind) {
    it(`take ${extractor.kind} no longer than the length of the response allows (${type.kind})`, () => {
      for (const piece of HOSTILE) {
        const response = piece.repeat(Math.ceil(300_000 / piece.length));
        const start = performance.now();
        captured(extractor, type, response);
        const seconds = (performance.now() - start) / 1000;
        assert.ok(seconds < 20, `${JSON.stringify(piece)}: ${seconds.toFixed(1)} s`);
      }
    }).timeout(120_000);
  }
});
