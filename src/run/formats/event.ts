// TensorBoard's Event message (tensorboard/compat/proto/event.proto), as far as scalars need it: wall time, step, and a
// summary's values with their tags. Read are plain values and the one-number tensors of TensorFlow 2; pictures,
// histograms and texts are passed over.

import { PbfReader, PbfWriter } from 'pbf';

export interface ScalarEvent {
  /** Seconds since 1970. */
  wallTime: number;
  step: number;
  values: Record<string, number>;
}

const DT_FLOAT = 1;
const DT_DOUBLE = 2;

/** The first event of every file says which format it is. */
export function versionEvent(wallTime: number): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, wallTime);
  writer.writeStringField(3, 'brain.Event:2');
  return writer.finish();
}

export function scalarEvent({ wallTime, step, values }: ScalarEvent): Uint8Array {
  const writer = new PbfWriter();
  writer.writeDoubleField(1, wallTime);
  writer.writeVarintField(2, step);
  writer.writeMessage(
    5,
    (all, summary) => {
      for (const one of Object.entries(all)) {
        summary.writeMessage(
          1,
          ([tag, value], field) => {
            field.writeStringField(1, tag);
            field.writeFloatField(2, value);
          },
          one,
        );
      }
    },
    values,
  );
  return writer.finish();
}

/** The scalars of an event; none where it holds something else. @throws RangeError and others for bytes of no message. */
export function readEvent(bytes: Uint8Array): ScalarEvent {
  return new PbfReader(bytes).readFields(
    (field, event, reader) => {
      if (field === 1) event.wallTime = reader.readDouble();
      else if (field === 2) event.step = reader.readVarint(true);
      else if (field === 5) reader.readMessage(readSummary, event.values);
    },
    { wallTime: 0, step: 0, values: Object.create(null) } satisfies ScalarEvent,
  );
}

function readSummary(field: number, values: Record<string, number>, reader: PbfReader): void {
  if (field !== 1) return;
  const found = reader.readMessage(readValue, { tag: '', value: null });
  if (found.tag !== '' && found.value !== null) values[found.tag] = found.value;
}

interface Value {
  tag: string;
  value: number | null;
}

function readValue(field: number, found: Value, reader: PbfReader): void {
  if (field === 1) found.tag = reader.readString();
  else if (field === 2) found.value = reader.readFloat();
  else if (field === 8) found.value = numberOf(reader.readMessage(readTensor, { type: 0, content: null, numbers: [] }));
}

interface Tensor {
  type: number;
  content: Uint8Array | null;
  numbers: number[];
}

function readTensor(field: number, tensor: Tensor, reader: PbfReader): void {
  if (field === 1) tensor.type = reader.readVarint();
  else if (field === 4) tensor.content = reader.readBytes();
  else if (field === 5) reader.readPackedFloat(tensor.numbers);
  else if (field === 6) reader.readPackedDouble(tensor.numbers);
}

/** null: not one number. */
function numberOf({ type, content, numbers }: Tensor): number | null {
  if (numbers.length === 1) return numbers[0] ?? null;
  const view = content && new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (type === DT_FLOAT && view?.byteLength === 4) return view.getFloat32(0, true);
  return type === DT_DOUBLE && view?.byteLength === 8 ? view.getFloat64(0, true) : null;
}
