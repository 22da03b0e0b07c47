// Types of expressions while they are checked: the language's own, and `unknown` for what an error left without one.
// `unknown` fits everything, so that one mistake is reported once.

import type { ValueType } from '../spec/expression.ts';
import type { ParameterType, ResultType } from '../spec/functions.ts';

export type Type =
  | ValueType
  | { kind: 'unknown' }
  | { kind: 'list'; of: Type }
  | { kind: 'record'; of: Type }
  | { kind: 'struct'; fields: { name: string; type: Type }[] };

export const TEXT = { kind: 'text' } as const;
export const NUMBER = { kind: 'number' } as const;
export const BOOL = { kind: 'bool' } as const;
export const UNKNOWN = { kind: 'unknown' } as const;

/** Whether a value of one type can be where the other is asked for. */
export function fits(a: Type, b: Type): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true;
  if (a.kind === 'list' && b.kind === 'list') return fits(a.of, b.of);
  if (a.kind === 'record' && b.kind === 'record') return fits(a.of, b.of);
  if (a.kind === 'struct') return fieldsFit(a.fields, b);
  if (b.kind === 'struct') return fieldsFit(b.fields, a);
  return a.kind === b.kind;
}

/** A struct beside another type: one of the same fields, or a record whose values are of each field's type. */
function fieldsFit(fields: readonly { name: string; type: Type }[], other: Type): boolean {
  if (other.kind === 'record') return fields.every(({ type }) => fits(type, other.of));
  if (other.kind !== 'struct' || other.fields.length !== fields.length) return false;
  const types = new Map(other.fields.map(({ name, type }) => [name, type]));
  return fields.every(({ name, type }) => {
    const same = types.get(name);
    return same !== undefined && fits(type, same);
  });
}

/** `a number`, `a list of text`: as it reads in a sentence. */
export function aType(type: Type): string {
  return type.kind === 'unknown' ? 'anything' : `a ${showType(type)}`;
}

/** The type of a list's items or a record's values: the first known one. */
export function common(types: readonly Type[]): Type {
  return types.find((type) => type.kind !== 'unknown') ?? UNKNOWN;
}

export function showType(type: Type): string {
  switch (type.kind) {
    case 'list':
      return `list of ${showType(type.of)}`;
    case 'record':
      return `record of ${showType(type.of)}`;
    case 'struct':
      return `{ ${type.fields.map((field) => `${field.name}: ${showType(field.type)}`).join(', ')} }`;
    case 'unknown':
      return 'anything';
    default:
      return type.kind;
  }
}

/** Whether a value of the type is what the parameter takes. */
export function accepts(parameter: ParameterType, type: Type): boolean {
  switch (parameter.kind) {
    case 'oneOf':
      return parameter.types.some((each) => accepts(each, type));
    case 'items':
      return type.kind === 'list' || type.kind === 'unknown';
    case 'fields':
      return type.kind === 'record' || type.kind === 'struct' || type.kind === 'unknown';
    case 'pattern':
      return fits(type, TEXT);
    case 'tag':
    case 'point':
      return false;
    default:
      return fits(type, parameter);
  }
}

/** The type of a call's result, from the types of its arguments. */
export function resultOf(result: ResultType, given: readonly Type[]): Type {
  switch (result.kind) {
    case 'sameAs':
      return given[result.parameter] ?? UNKNOWN;
    case 'valuesOf': {
      const record = given[result.parameter] ?? UNKNOWN;
      if (record.kind === 'record') return { kind: 'list', of: record.of };
      if (record.kind !== 'struct') return { kind: 'list', of: UNKNOWN };
      const of = common(record.fields.map(({ type }) => type));
      return { kind: 'list', of: record.fields.every(({ type }) => fits(type, of)) ? of : UNKNOWN };
    }
    default:
      return result;
  }
}

/** `number`, `list of text`, or `list` where that depends on the arguments. */
export function showResult(result: ResultType): string {
  return result.kind === 'sameAs' || result.kind === 'valuesOf' ? 'list' : showType(result);
}

export function showParameterType(type: ParameterType | Type): string {
  switch (type.kind) {
    case 'oneOf': {
      return [...new Set(type.types.map(showParameterType))].join(' or ');
    }
    case 'items':
      return 'list';
    case 'fields':
      return 'record';
    case 'pattern':
      return 'pattern';
    case 'tag':
      return 'tag capture';
    case 'point':
      return 'number -> number';
    default:
      return showType(type);
  }
}
