// A column: numbers of one kind, one after another, in the narrowest type that holds them all. What is not there is NaN,
// which only the widest type can say. Pure: no disk, no DOM.

export type Column = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** The types by the names that files use, from narrow to wide. */
export const COLUMN_TYPES = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array, f64: Float64Array } as const;
export type ColumnType = keyof typeof COLUMN_TYPES;

export function typeOfColumn(column: Column): ColumnType {
  if (column instanceof Float64Array) return 'f64';
  if (column instanceof Uint32Array) return 'u32';
  return column instanceof Uint16Array ? 'u16' : 'u8';
}

export function narrowed(values: readonly number[]): Column {
  let largest = 0;
  for (const value of values) {
    if (!Number.isInteger(value) || value < 0 || Object.is(value, -0)) return Float64Array.from(values);
    if (value > largest) largest = value;
  }
  if (largest <= 0xff) return Uint8Array.from(values);
  if (largest <= 0xffff) return Uint16Array.from(values);
  return largest <= 0xffffffff ? Uint32Array.from(values) : Float64Array.from(values);
}
