// What the values of a data file are, and which type of the language that makes. Objects whose values are all of one type
// are records; other objects are structs. What has no value says nothing about the type.

import type { ValueType } from './expression.ts';
import type { Shape, ShapeCount } from './facts.ts';

const NONE: Shape = { kind: 'none' };
const MIXED: Shape = { kind: 'mixed' };
const TEXT: ValueType = { kind: 'text' };

/** An object of more names than this is a record, or has no type. */
const MOST_FIELDS = 64;
const DEEPEST = 8;

/** What a value of JSON is. */
export function shapeOf(value: unknown, depth = 0): Shape {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'string') return { kind: 'text' };
  if (typeof value === 'number') return { kind: 'number' };
  if (typeof value === 'boolean') return { kind: 'bool' };
  if (typeof value !== 'object' || depth >= DEEPEST) return MIXED;
  if (Array.isArray(value)) {
    return { kind: 'list', of: value.map((item) => shapeOf(item, depth + 1)).reduce(joined, NONE) };
  }
  const fields = Object.entries(value).map(([name, field]) => ({ name, shape: shapeOf(field, depth + 1) }));
  return withinLimit({ kind: 'object', fields });
}

/** What values of both shapes have in common; `mixed`: nothing. */
export function joined(a: Shape, b: Shape): Shape {
  if (a.kind === 'none') return b;
  if (b.kind === 'none') return a;
  if (a.kind === 'list' && b.kind === 'list') return { kind: 'list', of: joined(a.of, b.of) };
  if (a.kind === 'record' || b.kind === 'record') {
    const of = joined(valuesOf(a), valuesOf(b));
    return of.kind === 'mixed' ? MIXED : { kind: 'record', of };
  }
  if (a.kind === 'object' && b.kind === 'object') {
    const fields = new Map(a.fields.map(({ name, shape }) => [name, shape]));
    for (const { name, shape } of b.fields) fields.set(name, joined(fields.get(name) ?? NONE, shape));
    return withinLimit({ kind: 'object', fields: [...fields].map(([name, shape]) => ({ name, shape })) });
  }
  return a.kind === b.kind ? a : MIXED;
}

function withinLimit(shape: Extract<Shape, { kind: 'object' }>): Shape {
  return shape.fields.length > MOST_FIELDS ? nameless(shape) : shape;
}

/** Objects without their names: records, where their values are of one shape. */
export function nameless(shape: Shape): Shape {
  if (shape.kind === 'list' || shape.kind === 'record') return { kind: shape.kind, of: nameless(shape.of) };
  if (shape.kind !== 'object') return shape;
  const of = valuesOf(shape);
  return of.kind === 'mixed' ? MIXED : { kind: 'record', of };
}

/** What all values of an object or a record have in common. */
function valuesOf(shape: Shape): Shape {
  if (shape.kind === 'record') return shape.of;
  return shape.kind === 'object' ? shape.fields.map((field) => field.shape).reduce(joined, NONE) : MIXED;
}

/** The language's type for a shape; null: it has none. Where nothing is known it is text. */
export function typeOfShape(shape: Shape): ValueType | null {
  switch (shape.kind) {
    case 'none':
      return TEXT;
    case 'mixed':
      return null;
    case 'list':
    case 'record': {
      const of = typeOfShape(shape.of);
      return of && { kind: shape.kind, of };
    }
    case 'object': {
      const of = typeOfShape(valuesOf(shape));
      if (of) return { kind: 'record', of };
      const fields: { name: string; type: ValueType }[] = [];
      for (const { name, shape: inner } of shape.fields) {
        const type = typeOfShape(inner);
        if (type === null) return null;
        fields.push({ name, type });
      }
      return { kind: 'struct', fields };
    }
    default:
      return { kind: shape.kind };
  }
}

/** The type of most values, the most frequent shape first; null: they have none. */
export function commonType(shapes: readonly Pick<ShapeCount, 'shape'>[]): ValueType | null {
  let common = NONE;
  for (const { shape } of shapes) {
    const both = joined(common, shape);
    if (typeOfShape(both) !== null) common = both;
  }
  const isNothing = common.kind === 'none' && shapes.some(({ shape }) => shape.kind !== 'none');
  return isNothing ? null : typeOfShape(common);
}

/** In a file whose cells are written as text: a type other than text only where every cell has it. */
export function commonCellType(shapes: readonly Pick<ShapeCount, 'shape'>[]): ValueType {
  const kinds = new Set(shapes.map(({ shape }) => shape.kind).filter((kind) => kind !== 'none'));
  const [kind, another] = kinds;
  return another === undefined && (kind === 'number' || kind === 'bool') ? { kind } : TEXT;
}

/** Whether a value of this shape can be read as the type; what is missing is none, and fits. */
export function shapeFits(shape: Shape, type: ValueType): boolean {
  if (shape.kind === 'none') return true;
  switch (type.kind) {
    case 'list':
      return shape.kind === 'list' && shapeFits(shape.of, type.of);
    case 'record':
      if (shape.kind === 'record') return shapeFits(shape.of, type.of);
      return shape.kind === 'object' && shape.fields.every((field) => shapeFits(field.shape, type.of));
    case 'struct': {
      if (shape.kind !== 'object') return shape.kind === 'record';
      const given = new Map(shape.fields.map((field) => [field.name, field.shape]));
      const has = type.fields.some(({ name }) => given.has(name));
      return has && type.fields.every((field) => shapeFits(given.get(field.name) ?? NONE, field.type));
    }
    default:
      return shape.kind === type.kind;
  }
}
