// Writes a graph as the body of ONNX's Loop (https://onnx.ai/onnx/operators/onnx__Loop.html): what is carried from turn to
// turn stays inside the engine, and what is not is read by the body from the model around it, without a copy.

import type { DType, Graph } from '../graph.ts';
import type { Repetition } from '../repetition.ts';
import { fedAs, outputName, writeNodes } from './lower.ts';
import { ElementType, OnnxModel } from './model.ts';

/** Names inside the body, which must not be those around it. */
const inside = {
  input: (name: string) => `turn:${name}`,
  output: (name: string) => `next:${name}`,
  collected: (name: string) => `each:${name}`,
};

/** The bytes of an ONNX file that goes through the graph as often as an input says. */
export function toRepeatedOnnx(graph: Graph, { turns, carried, collected }: Repetition): Uint8Array {
  const [model, body] = [new OnnxModel(graph.free), new OnnxModel(graph.free)];
  const types = new Map([...graph.outputs].map(([name, { dtype }]) => [name, dtype]));
  const typeOf = (output: string): DType => {
    const type = types.get(output);
    if (type === undefined) throw new RangeError(`the graph has no output "${output}"`);
    return type;
  };
  const [number, goesOn] = [inside.input('number'), inside.input('goes on')];
  body.input(number, 'int64', []);
  body.input(goesOn, 'bool', []);
  for (const [name, output] of carried) body.changing('input', inside.input(name), typeOf(output));
  writeNodes(body, graph, inside.output, (name, { dtype, shape }) => {
    model.input(name, fedAs(dtype), shape);
    const read = carried.has(name) ? inside.input(name) : name;
    body.captured(read, shape);
    return read;
  });
  body.output(body.node('Identity', [goesOn], inside.output('goes on')), 'bool', []);
  for (const output of carried.values()) body.changing('output', inside.output(output), typeOf(output));
  for (const name of collected) {
    body.changing('output', body.node('Identity', [inside.output(name)], inside.collected(name)), typeOf(name));
  }
  const count = model.node('Cast', [turns], inside.input(turns), { to: ElementType.int64 });
  const last = [...carried.values()].map((name) => (collected.has(name) ? `last:${name}` : outputName(name)));
  model.node('Loop', [count, '', ...carried.keys()], [...last, ...[...collected].map(outputName)], { body });
  for (const [name, type] of types) model.changing('output', outputName(name), type);
  return model.bytes();
}
