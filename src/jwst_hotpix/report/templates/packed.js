"use strict";
// Arrays that jwst_hotpix.report.packed has packed into an element of the page.
globalThis.hotpix = globalThis.hotpix ?? {};
hotpix.unpacked = async (id) => {
  const text = atob(document.getElementById(id).textContent.trim());
  const zipped = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) zipped[i] = text.charCodeAt(i);
  const stream = new Blob([zipped]).stream().pipeThrough(new DecompressionStream("gzip"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const line = bytes.indexOf(10);
  const types = {
    uint8: Uint8Array, uint16: Uint16Array, int32: Int32Array,
    float32: Float32Array, float64: Float64Array,
  };
  const arrays = {};
  let at = line + 1;
  for (const [name, type, size] of JSON.parse(new TextDecoder().decode(bytes.subarray(0, line)))) {
    const numbers = new types[type](size);
    const width = numbers.BYTES_PER_ELEMENT;
    const parts = new Uint8Array(numbers.buffer);
    for (let part = 0; part < width; part++) {
      for (let i = 0; i < size; i++) parts[i * width + part] = bytes[at++];
    }
    if (width > 1 && !type.startsWith("float")) {
      for (let i = 1; i < size; i++) numbers[i] += numbers[i - 1];
    }
    arrays[name] = numbers;
  }
  return arrays;
};
// What needs both the plots and the arrays starts once the plots are there.
hotpix.whenReady = (start) => addEventListener("hotpix-theme", start, { once: true });
