// The form that a specification asks for, read off its captures: where the reasoning goes, where the answer, and what
// stands around them. A template is a response with holes; filled for a row it is a text. `tag("answer")` becomes
// `<answer>` hole `</answer>`, a regular expression what it wants before and after its group.

import type { Capture, Specification } from '../spec/specification.ts';
import { type Link, linksOf, RESPONSE, type Source } from './links.ts';
import { aroundGroup } from './pattern.ts';

export type Piece =
  | { kind: 'text'; text: string }
  /** A leaf's answer: the one that is tried, every option there is, or one that does not decide. */
  | { kind: 'answer'; leaf: string; as: 'given' | 'options' | 'hedge' }
  | { kind: 'reasoning' }
  /** A column that the model may see. */
  | { kind: 'column'; name: string }
  | { kind: 'prompt' };

export type Template = readonly Piece[];

/** A tagged part of the whole response. */
export interface Part {
  capture: string;
  tag: string;
  /** It holds reasoning: nothing in it is compared with a column. */
  isReasoning: boolean;
}

/** A capture whose text an answer must provide; null: the whole response, where nothing is captured. */
export interface Leaf {
  name: string;
  capture: Capture | null;
  links: Link[];
  /** What a right answer may say, the likeliest first. */
  sources: Source[];
}

export interface Form {
  parts: Part[];
  /** The answer's leaves. */
  leaves: Leaf[];
  /** Clean responses; which of them earns more is tried out. */
  templates: Template[];
  links: Link[];
}

export function formOf(spec: Pick<Specification, 'captures' | 'rules' | 'task'>): Form {
  const links = linksOf(spec);
  const inside = (name: string | null): Capture[] => spec.captures.filter(({ extractor }) => extractor.from === name);
  const isLinked = ({ name, extractor }: Capture): boolean =>
    inside(name).length > 0 ||
    (extractor.kind !== 'tag' && extractor.kind !== 'regex' && extractor.kind !== 'after') ||
    links.some((link) => link.capture === name && link.source.columns.length > 0);
  const top = inside(null);
  const answers = new Set(top.filter(isLinked).map(({ name }) => name));
  const last = top.at(-1);
  if (answers.size === 0 && last !== undefined) answers.add(last.name);

  const leaves: Leaf[] = [];
  const leaf = (name: string, capture: Capture | null): Piece => {
    const own = links.filter((link) => link.capture === name);
    leaves.push({ name, capture, links: own, sources: sourcesOf(spec, own) });
    return { kind: 'answer', leaf: name, as: 'given' };
  };
  const piecesOf = (capture: Capture): Piece[] => {
    if (capture.extractor.from === null && !answers.has(capture.name)) return around(capture, [{ kind: 'reasoning' }]);
    const children = inside(capture.name);
    const content = children.length === 0 ? [leaf(capture.name, capture)] : joined(children.map(piecesOf), '\n');
    return around(capture, content);
  };
  const written = top.length === 0 ? [[leaf(RESPONSE, null)]] : top.map(piecesOf);
  const parts = top.flatMap(({ name, extractor }): Part[] =>
    extractor.kind === 'tag' ? [{ capture: name, tag: extractor.tag, isReasoning: !answers.has(name) }] : [],
  );
  const tight = joined(written, parts.length === top.length ? '' : '\n');
  const hasReasoning = tight.some(({ kind }) => kind === 'reasoning');
  const reasoned: Template = [{ kind: 'reasoning' }, text('\n'), ...tight];
  return { parts, leaves, links, templates: hasReasoning ? [tight] : [reasoned, tight] };
}

/** What the rules compare with the leaf, and after it every secret column. */
function sourcesOf(spec: Pick<Specification, 'task'>, links: readonly Link[]): Source[] {
  const secrets = spec.task.columns.filter(({ secret }) => secret);
  const compared = links.flatMap(({ path, source }) => (path.length === 0 && source.columns.length > 0 ? source : []));
  const isSecret = ({ columns }: Source): boolean => columns.some((name) => secrets.some((one) => one.name === name));
  const columns = secrets.map(({ name }): Source => ({ expression: { kind: 'column', name }, columns: [name] }));
  const inOrder = [...compared.filter(isSecret), ...compared, ...columns];
  return [...new Map(inOrder.map((source) => [JSON.stringify(source), source])).values()];
}

function around({ extractor }: Capture, content: Piece[]): Piece[] {
  switch (extractor.kind) {
    case 'tag':
      return [text(`<${extractor.tag}>`), ...content, text(`</${extractor.tag}>`)];
    case 'after':
      return [text(`${extractor.marker} `), ...content];
    case 'boxed':
      return [text('\\boxed{'), ...content, text('}')];
    case 'code_block':
      return [text(`\`\`\`${extractor.language ?? ''}\n`), ...content, text('\n```')];
    case 'regex': {
      const written = aroundGroup(extractor.pattern) ?? { before: '', after: '' };
      return [text(written.before), ...content, text(written.after)].filter(
        (piece) => piece.kind !== 'text' || piece.text !== '',
      );
    }
    default:
      return content;
  }
}

function joined(groups: Piece[][], between: string): Piece[] {
  return groups.flatMap((pieces, i) => (i === 0 || between === '' ? pieces : [text(between), ...pieces]));
}

export function text(written: string): Piece {
  return { kind: 'text', text: written };
}
