// Right answers written another way: in capitals, in bold, with a full stop, as a list, "Zoey: knave". A person would
// count each as right; a reward that does not teaches the model to write the one way, or is noise to it.

import { assignmentText, type Columns, holeValues, pairsOf, wordsOf } from './answer_text.ts';
import type { Answers } from './answers.ts';
import type { Form, Leaf } from './form.ts';
import { fill, type LeafTexts, type Situation } from './situation.ts';

export interface Variant {
  /** Ends the finding's kind: `harmless_bold`. */
  kind: string;
  /** "A right answer …" */
  title: string;
  /** The response; null where it is no different, or makes no sense on this row. */
  respond: (situation: Situation) => string | null;
}

/** One leaf's text written another way; null: it cannot be. */
type Rewrite = (text: string, leaf: Leaf, situation: Situation) => string | null;

export function variantsFor(form: Form, answers: Answers): Variant[] {
  const clean = (situation: Situation, reasoning = answers.reasoning(situation)): string | null => {
    const right = answers.right(situation);
    return right && fill(answers.template, situation, right, reasoning);
  };
  const rewritten = (kind: string, title: string, rewrite: Rewrite): Variant => ({
    kind,
    title,
    respond: (situation) => {
      const right = answers.right(situation);
      if (right === null) return null;
      const leaves = new Map<string, LeafTexts>();
      for (const leaf of form.leaves) {
        const texts = right.get(leaf.name);
        if (texts === undefined) return null;
        leaves.set(leaf.name, { ...texts, given: rewrite(texts.given, leaf, situation) ?? texts.given });
      }
      return fill(answers.template, situation, leaves, answers.reasoning(situation));
    },
  });
  const whole = (kind: string, title: string, rewrite: (response: string) => string): Variant => ({
    kind,
    title,
    respond: (situation) => {
      const response = clean(situation);
      return response && rewrite(response);
    },
  });
  const said = (kind: string, title: string, write: (text: string) => string | null): Variant =>
    rewritten(kind, title, (text, leaf) => (isVerbatim(leaf) ? null : write(text)));
  const assigned = (
    kind: string,
    title: string,
    write: (pairs: [string, string][], pattern: string, other: Other) => string | null,
  ) =>
    rewritten(kind, title, (_, leaf, situation) => {
      const { capture } = leaf;
      const value = answers.value(leaf, situation);
      const pairs = capture && value !== null ? pairsOf(value, capture, situation.column) : null;
      if (capture?.extractor.kind !== 'assignments' || pairs === null) return null;
      return write(pairs, capture.extractor.pattern, otherRole(capture, situation.column));
    });
  const json = (kind: string, title: string, write: (value: unknown) => string): Variant =>
    rewritten(kind, title, (text, leaf) => (leaf.capture?.extractor.kind === 'json' ? write(JSON.parse(text)) : null));
  const tags = form.parts.map(({ tag }) => tag);

  return [
    said('lower_case', 'in small letters', (text) => text.toLowerCase()),
    said('upper_case', 'in capitals', (text) => text.toUpperCase()),
    said('spaces', 'with two spaces between words', (text) => text.replaceAll(' ', '  ')),
    said('line_breaks', 'on a line of its own', (text) => `\n${text}\n`),
    said('full_stop', 'with or without a full stop', (text) => (text.endsWith('.') ? text.slice(0, -1) : `${text}.`)),
    said('quotes', 'in quotation marks', (text) => `"${text}"`),
    said('bold', 'in Markdown bold', (text) => `**${text}**`),
    said('math', 'between dollar signs', (text) => `$${text}$`),
    said('math_text', 'in \\text{…}', (text) => (/\d/.test(text) ? null : `\\text{${text}}`)),
    said('sentence', 'as a sentence', (text) => (/\s/.test(text) ? null : `The answer is ${text}`)),
    said('thousands_commas', 'with commas between thousands', withCommas),
    said('decimal_zero', 'with .0 at its end', (text) => (/^-?\d+$/.test(text) ? `${text}.0` : null)),
    said('equals_sign', 'after an equals sign', (text) => (/^-?[\d.]+$/.test(text) ? `x = ${text}` : null)),
    assigned('order', 'in another order', (pairs, pattern) => assignmentText(pattern, [...pairs].reverse())),
    assigned('one_a_line', 'with one statement a line', (pairs, pattern) => assignmentText(pattern, pairs, '\n')),
    assigned('list', 'as a list', (pairs, pattern) => `- ${assignmentText(pattern, pairs, '\n- ')}`),
    assigned('numbered', 'as a numbered list', (pairs, pattern) =>
      pairs.map((pair, i) => `(${i + 1}) ${assignmentText(pattern, [pair])}`).join('\n'),
    ),
    assigned('and', 'joined with "and"', (pairs, pattern) => assignmentText(pattern, pairs, ' and ')),
    assigned('bold_words', 'with names and values in bold', (pairs, pattern) =>
      assignmentText(
        pattern,
        pairs.map(([name, value]) => [`**${name}**`, `**${value}**`]),
      ),
    ),
    assigned('colon', 'as "name: value"', (pairs) => pairs.map(([name, value]) => `${name}: ${value}`).join(', ')),
    assigned('no_article', 'without the article', (pairs, pattern) => {
      const shorter = pattern.replace(/ (?:a|an|the) (?=\{)/, ' ');
      return shorter === pattern ? null : assignmentText(shorter, pairs);
    }),
    assigned('negation', 'that says what somebody is not', (pairs, pattern, other) => {
      const negated = pattern.replace(/ is (?=.*\{\w+\}[^{]*$)/, ' is not ');
      const opposite = pairs.map(([name, value]): [string, string] => [name, other(value) ?? '']);
      return negated === pattern || opposite.some(([, value]) => value === '')
        ? null
        : assignmentText(negated, opposite);
    }),
    json('json_fence', 'in a fenced block', (value) => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``),
    json('json_lines', 'over several lines', (value) => JSON.stringify(value, null, 2)),
    json('json_order', 'with its fields in another order', (value) => JSON.stringify(reordered(value))),
    whole('newline_after', 'with a line break after it', (response) => `${response}\n`),
    whole('newline_before', 'with a line break before it', (response) => `\n${response}`),
    whole('windows_lines', 'with the line ends of Windows', (response) => response.replaceAll('\n', '\r\n')),
    whole('blank_lines', 'with blank lines between its parts', (response) =>
      tags.slice(1).reduce((text, tag) => text.replace(`<${tag}>`, `\n\n<${tag}>`), response),
    ),
    whole('tag_case', 'with its tags in capitals', (response) =>
      tags.reduce(
        (text, tag) =>
          text.replace(`<${tag}>`, `<${tag.toUpperCase()}>`).replace(`</${tag}>`, `</${tag.toUpperCase()}>`),
        response,
      ),
    ),
    {
      kind: 'mentioned_tag',
      title: 'whose reasoning mentions a tag of the answer',
      respond: (situation) => {
        const tag = form.parts.find(({ isReasoning }) => !isReasoning)?.tag;
        const hasReasoning = answers.template.some(({ kind }) => kind === 'reasoning');
        if (tag === undefined || !hasReasoning) return null;
        return clean(situation, `${answers.reasoning(situation)} It goes into <${tag}>.`);
      },
    },
    {
      kind: 'own_reasoning',
      title: "with the task's own reasoning",
      respond: (situation) => {
        const own = wordsOf(situation.column('reasoning'));
        return own === '' ? null : clean(situation, own);
      },
    },
  ];
}

/** Text whose letters and spaces may all matter. */
function isVerbatim({ capture }: Leaf): boolean {
  return capture?.extractor.kind === 'json' || capture?.extractor.kind === 'code_block';
}

function withCommas(text: string): string | null {
  const [, sign = '', whole = '', rest = ''] = /^(-?)(\d{4,})(\.\d+)?$/.exec(text) ?? [];
  return whole === '' ? null : `${sign}${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}${rest}`;
}

type Other = (value: string) => string | null;

/** The other of two values. */
function otherRole(capture: Parameters<typeof holeValues>[0], columns: Columns): Other {
  const roles = holeValues(capture, 1, columns) ?? [];
  return (value) => (roles.length === 2 ? (roles.find((role) => role !== value) ?? null) : null);
}

function reordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).reverse());
}
