// Protocol buffer wire format, as far as ONNX needs it: varints, 32-bit floats and length-delimited fields.
// https://protobuf.dev/programming-guides/encoding. Left out: reading, groups, 64-bit fixed.

export type Message = Buffer;

export function message(...fields: readonly Message[]): Message {
  return Buffer.concat(fields);
}

/** Field of type int32, int64, enum or bool. */
export function integer(field: number, value: number): Message {
  return Buffer.concat([tag(field, 0), varint(BigInt(value))]);
}

export function float(field: number, value: number): Message {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([tag(field, 5), bytes]);
}

/** Field of type string, bytes or message. */
export function bytes(field: number, value: string | Uint8Array): Message {
  const content = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([tag(field, 2), varint(BigInt(content.length)), content]);
}

function tag(field: number, wireType: number): Message {
  return varint(BigInt((field << 3) | wireType));
}

/** Seven bits a byte, least significant first; negative numbers as two's complement of 64 bits. */
function varint(value: bigint): Message {
  let rest = BigInt.asUintN(64, value);
  const result: number[] = [];
  while (rest > 127n) {
    result.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  result.push(Number(rest));
  return Buffer.from(result);
}
