// Sixteen-bit floats to and from float32: IEEE 754 binary16, and bfloat16 (the upper half of a float32).
// Rounding is to nearest, ties to even; NaN stays NaN.

const word = new Uint32Array(1);
const real = new Float32Array(word.buffer);

/** Widens into an array of the same length. */
export function decodeBfloat16(halves: Uint16Array, into: Float32Array): void {
  const bits = new Uint32Array(into.buffer, into.byteOffset, into.length);
  for (let i = 0; i < halves.length; i++) bits[i] = (halves[i] ?? 0) << 16;
}

export function toBfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    real[0] = value;
    const bits = word[0] ?? 0;
    if (Number.isNaN(value)) return (bits >>> 16) | 0x40;
    return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
  });
}

let table: Float32Array | undefined;

/** Widens into an array of the same length. */
export function decodeFloat16(halves: Uint16Array, into: Float32Array): void {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, half) => float16Value(half));
  for (let i = 0; i < halves.length; i++) into[i] = table[halves[i] ?? 0] ?? NaN;
}

function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

export function toFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    if (Number.isNaN(value)) return 0x7e00;
    const magnitude = Math.abs(value);
    if (magnitude === Infinity) return sign | 0x7c00;
    // a subnormal or normal number is a whole multiple of its spacing
    const exponent = Math.max(-14, Math.floor(Math.log2(magnitude || 1e-30)));
    const exact = magnitude * 2 ** (10 - exponent);
    const floor = Math.floor(exact);
    const rest = exact - floor;
    const units = floor + (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? 1 : 0);
    const bits = exponent === -14 && units < 1024 ? units : ((exponent + 15) << 10) + units - 1024;
    return sign | Math.min(bits, 0x7c00);
  });
}
