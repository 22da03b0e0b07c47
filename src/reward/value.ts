// Values that expressions compute with, and how a row's JSON becomes them. `null` is `none`: not there.
// Records are maps, so that no key from outside ("__proto__") can mean anything but itself. A column is read by its
// declared type and no deeper, so rows of any shape or depth are read without harm; what does not fit is none.

import type { ValueType } from '../spec/expression.ts';

export type Value = string | number | boolean | Value[] | Map<string, Value>;
export type Maybe = Value | null;

/** The value of that type in `json`; null where it, or any part of it, does not fit. A field that does not fit is not there. */
export function readValue(type: ValueType, json: unknown): Maybe {
  switch (type.kind) {
    case 'text':
      return typeof json === 'string' ? json : null;
    case 'number':
      return typeof json === 'number' && Number.isFinite(json) ? json + 0 : null;
    case 'bool':
      return typeof json === 'boolean' ? json : null;
    case 'list': {
      if (!Array.isArray(json)) return null;
      const items: Value[] = [];
      for (const item of json) {
        const value = readValue(type.of, item);
        if (value === null) return null;
        items.push(value);
      }
      return items;
    }
    case 'record': {
      if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
      const fields = new Map<string, Value>();
      for (const [name, field] of Object.entries(json)) {
        const value = readValue(type.of, field);
        if (value === null) return null;
        fields.set(name, value);
      }
      return fields;
    }
    case 'struct': {
      if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
      const given = new Map<string, unknown>(Object.entries(json));
      const fields = new Map<string, Value>();
      for (const { name, type: wanted } of type.fields) {
        const value = readValue(wanted, given.get(name));
        if (value !== null) fields.set(name, value);
      }
      return fields;
    }
  }
}

/** The value as JSON. */
export function writeValue(value: Maybe): unknown {
  if (Array.isArray(value)) return value.map(writeValue);
  if (!(value instanceof Map)) return value;
  const fields = new Map<string, unknown>(value);
  for (const [name, field] of value) if (typeof field === 'object') fields.set(name, writeValue(field));
  return Object.fromEntries(fields);
}

/** Same type and same content; the order of a record's fields does not matter. */
export function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => both(item, b[i], equal));
  }
  if (a instanceof Map) {
    return b instanceof Map && a.size === b.size && [...a].every(([name, field]) => both(field, b.get(name), equal));
  }
  return a === b;
}

/** The same for values that are `equal`, and different for others. */
export function keyOf(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(keyOf).join(',')}]`;
  if (!(value instanceof Map)) return JSON.stringify(value);
  const fields = [...value].map(([name, field]) => `${JSON.stringify(name)}:${keyOf(field)}`);
  return `{${fields.sort().join(',')}}`;
}

function both(a: Value, b: Value | undefined, same: (a: Value, b: Value) => boolean): boolean {
  return b !== undefined && same(a, b);
}
