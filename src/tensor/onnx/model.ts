// An ONNX ModelProto in the making: nodes, constants, inputs, outputs. Field numbers are onnx.proto3's
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3). Left out: sparse tensors, external data.

import { factors, isFree } from '../free.ts';
import type { Shape } from '../shape.ts';
import { bytes, float, integer, type Message, message } from './protobuf.ts';

/** TensorProto.DataType */
export const ElementType = {
  float32: 1,
  uint16: 4,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  uint32: 12,
  bfloat16: 16,
} as const;
export type ElementTypeName = keyof typeof ElementType;

/** Attribute values: an integer, a float, a list of integers, a text, or the body of a loop. */
export type Attribute = number | { readonly float: number } | readonly number[] | string | OnnxModel;

export const MICROSOFT = 'com.microsoft';
const OPSET = 18;
/** The first that has BitCast. */
const OPSET_OF_BITS = 26;

export class OnnxModel {
  private readonly nodes: Message[] = [];
  private readonly constants: Message[] = [];
  private readonly inputs: Message[] = [];
  private readonly outputs: Message[] = [];
  private opset = OPSET;
  private readonly known = new Map<string, string>();
  private readonly free: ReadonlyMap<number, string>;
  /** Stand-in -> an input and the axis on which it has that size. */
  private readonly sources = new Map<number, { readonly input: string; readonly axis: number }>();

  /** `free`: the stand-ins of dimensions whose size is known only at a run. */
  constructor(free: ReadonlyMap<number, string> = new Map()) {
    this.free = free;
  }

  input(name: string, type: ElementTypeName, shape: Shape): void {
    this.inputs.push(bytes(11, this.valueInfo(name, type, shape)));
    this.captured(name, shape);
  }

  /** A value that is there without being an input: that of the model around a loop's body. */
  captured(name: string, shape: Shape): void {
    shape.forEach((length, axis) => {
      if (this.free.has(length) && !this.sources.has(length)) this.sources.set(length, { input: name, axis });
    });
  }

  output(name: string, type: ElementTypeName, shape: Shape): void {
    this.outputs.push(bytes(12, this.valueInfo(name, type, shape)));
  }

  /** An input or output of a loop's body, whose shape may change from turn to turn. */
  changing(side: 'input' | 'output', name: string, type: ElementTypeName): void {
    const info = message(bytes(1, name), bytes(2, bytes(1, integer(1, ElementType[type]))));
    if (side === 'input') this.inputs.push(bytes(11, info));
    else this.outputs.push(bytes(12, info));
  }

  node(
    op: string,
    inputs: readonly string[],
    output: string | readonly string[],
    attributes: Record<string, Attribute> = {},
    domain = '',
  ): string {
    if (op === 'BitCast') this.opset = OPSET_OF_BITS;
    for (const value of Object.values(attributes)) {
      if (value instanceof OnnxModel) this.opset = Math.max(this.opset, value.opset);
    }
    const outputs = typeof output === 'string' ? [output] : output;
    const name = outputs.find((one) => one !== '') ?? op;
    const fields = [
      ...inputs.map((input) => bytes(1, input)),
      ...outputs.map((one) => bytes(2, one)),
      bytes(3, name),
      bytes(4, op),
      ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
      ...(domain === '' ? [] : [bytes(7, domain)]),
    ];
    this.nodes.push(bytes(1, message(...fields)));
    return name;
  }

  /** A node shared by everyone who asks for the same operation on the same inputs. */
  shared(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    const key = `${op} ${inputs.join(' ')} ${JSON.stringify(attributes)}`;
    const name = this.known.get(key) ?? this.node(op, inputs, `s${this.known.size}`, attributes);
    this.known.set(key, name);
    return name;
  }

  constant(name: string, type: ElementTypeName, shape: Shape, data: NodeJS.TypedArray): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const dimensions = shape.map((length) => integer(1, length));
    this.constants.push(bytes(5, message(...dimensions, integer(2, ElementType[type]), bytes(8, name), bytes(9, raw))));
    return name;
  }

  /** A scalar constant, made once for each name. */
  scalar(name: string, type: ElementTypeName, data: NodeJS.TypedArray): string {
    if (!this.known.has(name)) this.known.set(name, this.constant(name, type, [], data));
    return name;
  }

  /** A list of int64, as ONNX wants for shapes and axes. */
  integers(values: readonly number[]): string {
    const key = `int64 ${values.join(',')}`;
    const existing = this.known.get(key);
    if (existing !== undefined) return existing;
    const data = BigInt64Array.from(values, BigInt);
    const name = this.constant(`s${this.known.size}`, 'int64', [values.length], data);
    this.known.set(key, name);
    return name;
  }

  /** A shape as int64 [rank]; free dimensions are read from the inputs when the program runs. */
  shape(shape: Shape): string {
    if (!shape.some((length) => isFree(length, this.free))) return this.integers(shape);
    const parts = shape.map((length) => this.length(length));
    return parts.length === 1 ? (parts[0] ?? '') : this.shared('Concat', parts, { axis: 0 });
  }

  /** What Reshape is told: 0 keeps the dimension at its place, -1 follows from the others; else the whole shape. */
  targetShape(from: Shape, to: Shape): string {
    const target = to.map((length, axis) => (isFree(length, this.free) ? (from[axis] === length ? 0 : -1) : length));
    return target.filter((length) => length === -1).length > 1 ? this.shape(to) : this.integers(target);
  }

  /** One dimension as int64 [1]. */
  private length(length: number): string {
    const { factor, standIns } = factors(length, this.free);
    const parts = standIns.map((standIn) => {
      const source = this.sources.get(standIn);
      if (source === undefined) throw new RangeError(`no input has the free dimension "${this.free.get(standIn)}"`);
      return this.shared('Gather', [this.shared('Shape', [source.input]), this.integers([source.axis])], { axis: 0 });
    });
    if (factor !== 1 || parts.length === 0) parts.push(this.integers([factor]));
    return parts.reduce((product, part) => this.shared('Mul', [product, part]));
  }

  private valueInfo(name: string, type: ElementTypeName, shape: Shape): Message {
    const dimensions = shape.map((length) =>
      bytes(1, isFree(length, this.free) ? bytes(2, `free${length}`) : integer(1, length)),
    );
    const tensor = message(integer(1, ElementType[type]), bytes(2, message(...dimensions)));
    return message(bytes(1, name), bytes(2, bytes(1, tensor)));
  }

  /** As a GraphProto: the body of a loop, or the graph of a file. */
  graph(): Message {
    return message(...this.nodes, bytes(2, 'graph'), ...this.constants, ...this.inputs, ...this.outputs);
  }

  bytes(): Uint8Array {
    const graph = this.graph();
    const opset = (domain: string, version: number) => bytes(8, message(bytes(1, domain), integer(2, version)));
    return message(integer(1, 8), bytes(2, 'merf-studio'), bytes(7, graph), opset('', this.opset), opset(MICROSOFT, 1));
  }
}

function attribute(name: string, value: Attribute): Message {
  const [float1, int2, string3, graph5, ints7] = [1, 2, 3, 5, 7];
  if (value instanceof OnnxModel) return message(bytes(1, name), bytes(6, value.graph()), integer(20, graph5));
  if (typeof value === 'string') return message(bytes(1, name), bytes(4, value), integer(20, string3));
  if (typeof value === 'number') return message(bytes(1, name), integer(3, value), integer(20, int2));
  if ('float' in value) return message(bytes(1, name), float(2, value.float), integer(20, float1));
  return message(bytes(1, name), ...value.map((item) => integer(8, item)), integer(20, ints7));
}
