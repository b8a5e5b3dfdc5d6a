import {
  blurKernel,
  createUpscaler,
  createWorkerUpscaler,
  EngineError,
  fromImageData,
} from "/package/dist/metakernelgan.min.js";

// Every kind of picture that a page can have, each with the pixels that it shows: test/web/sources.test.ts upscales them here,
// and the pixels on the command line.

const options = { model: "fast" };
const upscalers = { page: await createUpscaler(options), worker: await createWorkerUpscaler(options) };

const clear = await file("clear.png");
const opaque = await file("opaque.png");

/** A file of the server, and its pixels as they are stored. */
async function file(name) {
  const blob = await (await fetch(name)).blob();
  const { width, height, data } = await (await fetch(name.replace(".png", ".json"))).json();
  return { blob, pixels: new ImageData(Uint8ClampedArray.from(data), width, height) };
}

/** The pixels of something that can be drawn, as a canvas gives them. */
function drawn(source, { width, height } = opaque.pixels, settings = {}) {
  const context = new OffscreenCanvas(width, height).getContext("2d", settings);
  context.drawImage(source, 0, 0);
  return context.getImageData(0, 0, width, height, settings);
}

/** A picture whose pixels are either opaque or nothing, so that no color is rounded when alpha is multiplied with it. */
function cutOut({ width, height, data }) {
  const values = data.map((value, i) => (data[i | 3] < 128 ? 0 : i % 4 === 3 ? 255 : value));
  return new ImageData(values, width, height);
}

/** A canvas with a picture on it. */
function canvas({ pixels }, made = document.createElement("canvas")) {
  [made.width, made.height] = [pixels.width, pixels.height];
  made.getContext("2d").putImageData(pixels, 0, 0);
  return { source: made, pixels: drawn(made) };
}

async function image(name) {
  const source = new Image();
  source.src = name;
  await source.decode();
  return source;
}

/** A video that shows a canvas, and stands still. */
async function video() {
  const { source: shown } = canvas(opaque);
  const source = document.createElement("video");
  source.muted = true;
  source.srcObject = shown.captureStream();
  // A stream has a frame where something is drawn.
  const drawing = setInterval(() => canvas(opaque, shown), 50);
  await source.play();
  await new Promise((shows) => source.requestVideoFrameCallback(shows));
  source.pause();
  clearInterval(drawing);
  return source;
}

const SOURCES = {
  "an address": () => ({ source: "clear.png", pixels: clear.pixels }),
  "a URL": () => ({ source: new URL("clear.png", location.href), pixels: clear.pixels }),
  "the address of a Blob": () => ({ source: URL.createObjectURL(clear.blob), pixels: clear.pixels }),
  "a Blob": () => ({ source: clear.blob, pixels: clear.pixels }),
  "a File": () => ({ source: new File([opaque.blob], "opaque.png"), pixels: opaque.pixels }),
  "an ImageData": () => ({ source: clear.pixels, pixels: clear.pixels }),
  "an ImageData of wider colors": async () => {
    const source = drawn(canvas(opaque).source, opaque.pixels, { colorSpace: "display-p3" });
    return { source, pixels: drawn(await createImageBitmap(source)) };
  },
  "an ImageData of more bits": () => {
    const source = drawn(canvas(opaque).source, opaque.pixels, { pixelFormat: "rgba-float16" });
    return { source, pixels: opaque.pixels };
  },
  "a transparent ImageData of wider colors": () => {
    // Grays are the same in both.
    const gray = clear.pixels.data.map((value, i) => (i % 4 === 3 ? value : clear.pixels.data[i - (i % 4)]));
    const { width, height } = clear.pixels;
    const source = new ImageData(gray, width, height, { colorSpace: "display-p3" });
    return { source, pixels: new ImageData(gray, width) };
  },
  "a transparent ImageData of more bits": () => {
    const { width, height, data } = clear.pixels;
    const source = new ImageData(width, height, { pixelFormat: "rgba-float16" });
    data.forEach((value, i) => {
      source.data[i] = value / 255;
    });
    return { source, pixels: clear.pixels };
  },
  "an ImageBitmap": async () => ({
    source: await createImageBitmap(clear.blob, { premultiplyAlpha: "none" }),
    pixels: clear.pixels,
  }),
  "an ImageBitmap with multiplied colors": async () => {
    const pixels = cutOut(clear.pixels);
    return { source: await createImageBitmap(pixels, { premultiplyAlpha: "premultiply" }), pixels };
  },
  "an image": async () => ({ source: await image("clear.png"), pixels: clear.pixels }),
  "an image for twice as many dots": async () => {
    const source = new Image();
    source.srcset = "clear.png 2x";
    await source.decode();
    return { source, pixels: clear.pixels };
  },
  "an image on the page, shown smaller": async () => {
    const source = await image("opaque.png");
    [source.width, source.height] = [10, 10];
    document.body.append(source);
    return { source, pixels: opaque.pixels };
  },
  "a canvas": () => canvas(clear),
  "an OffscreenCanvas": () => canvas(clear, new OffscreenCanvas(1, 1)),
  "a video": async () => {
    const source = await video();
    return { source, pixels: drawn(source) };
  },
  "a VideoFrame": () => {
    const source = new VideoFrame(canvas(opaque).source, { timestamp: 0 });
    return { source, pixels: drawn(source) };
  },
  // Drawn on a canvas it is not what it was made of in Chrome.
  "a transparent VideoFrame": () => {
    const { source: shown, pixels } = canvas(clear);
    return { source: new VideoFrame(shown, { timestamp: 0 }), pixels };
  },
  "an RgbImage": () => ({ source: fromImageData(opaque.pixels), pixels: opaque.pixels }),
  "another window's RgbImage": () => {
    const { width, height, data } = fromImageData(opaque.pixels);
    return { source: { width, height, data: elsewhereMade("Float32Array", data) }, pixels: opaque.pixels };
  },
  "another window's URL": () => ({
    source: elsewhereMade("URL", new URL("clear.png", location.href).href),
    pixels: clear.pixels,
  }),
  "another window's Blob": () => ({ source: elsewhereMade("Blob", [clear.blob]), pixels: clear.pixels }),
  "another window's ImageData": () => {
    const { width, height, data } = clear.pixels;
    const source = elsewhereMade("ImageData", elsewhereMade("Uint8ClampedArray", data), width, height);
    return { source, pixels: clear.pixels };
  },
  "an RgbImage of a class": () => ({
    source: new ClassOfPixels(fromImageData(opaque.pixels)),
    pixels: opaque.pixels,
  }),
  "an RgbImage with a method": () => ({
    source: { ...fromImageData(opaque.pixels), area: () => 0 },
    pixels: opaque.pixels,
  }),
};

/** Pixels whose fields are not the object's own. */
class ClassOfPixels {
  #image;
  constructor(image) {
    this.#image = image;
  }
  get width() {
    return this.#image.width;
  }
  get height() {
    return this.#image.height;
  }
  get data() {
    return this.#image.data;
  }
}

/** An object of a class of another window, whose `instanceof` does not know this one's. */
function elsewhereMade(name, ...values) {
  const frame = document.querySelector("iframe") ?? document.createElement("iframe");
  document.body.append(frame);
  return new frame.contentWindow[name](...values);
}

const WRONG = {
  "another site's image": () => image(elsewhere("opaque.png")),
  "another site's address": () => elsewhere("opaque.png"),
  "a canvas with another site's image": async () => {
    const { source } = canvas(opaque);
    source.getContext("2d").drawImage(await image(elsewhere("opaque.png")), 0, 0);
    return source;
  },
  "an OffscreenCanvas with another site's image": async () => {
    const { source } = canvas(opaque, new OffscreenCanvas(1, 1));
    source.getContext("2d").drawImage(await image(elsewhere("opaque.png")), 0, 0);
    return source;
  },
  "another site's ImageBitmap": async () => createImageBitmap(await image(elsewhere("opaque.png"))),
  "a video without a frame": () => document.createElement("video"),
  "an image that is not loaded": () => {
    const source = new Image();
    source.src = `opaque.png?${performance.now()}`;
    return source;
  },
  "an image without an address": () => new Image(),
  "an image that is broken": async () => {
    const source = new Image();
    source.src = "nothing.png";
    await source.decode().catch(() => {});
    return source;
  },
  "a closed ImageBitmap": async () => {
    const source = await createImageBitmap(opaque.blob);
    source.close();
    return source;
  },
  "an ImageBitmap that went to a worker": async () => {
    const source = await createImageBitmap(opaque.blob);
    structuredClone(source, { transfer: [source] });
    return source;
  },
  "a closed VideoFrame": () => {
    const source = new VideoFrame(canvas(opaque).source, { timestamp: 0 });
    source.close();
    return source;
  },
  "an ImageData whose memory went to a worker": () => {
    const source = new ImageData(64, 64);
    structuredClone(source.data.buffer, { transfer: [source.data.buffer] });
    return source;
  },
  "a canvas without pixels": () => canvas(opaque, new OffscreenCanvas(1, 1)) && new OffscreenCanvas(0, 10),
  "an OffscreenCanvas that went to a worker": () => {
    const source = new OffscreenCanvas(64, 64);
    new MessageChannel().port1.postMessage(source, [source]);
    return source;
  },
  "a file that is no picture": () => new File(["no picture"], "notes.txt"),
  "an empty Blob": () => new Blob([]),
  "a missing file": () => "nothing.png",
  "a file that breaks off": () => "opaque.png?cut",
  "a page": () => "/",
  "an address without a server": () => "http://localhost:1/opaque.png",
  "an address that is none": () => "http://",
  "a paragraph": () => document.createElement("p"),
  nothing: () => undefined,
  null: () => null,
  "a number": () => 5,
  "a function": () => () => "opaque.png",
  "a Promise": () => Promise.resolve(opaque.blob),
  "an ArrayBuffer": () => opaque.blob.arrayBuffer(),
  "an RgbImage whose memory went to a worker": () => {
    const source = fromImageData(opaque.pixels);
    structuredClone(source.data.buffer, { transfer: [source.data.buffer] });
    return source;
  },
  "an RgbImage of bytes": () => ({ ...fromImageData(opaque.pixels), data: new Uint8Array(3 * 72 * 56) }),
  "an RgbImage with a width of text": () => ({ ...fromImageData(opaque.pixels), width: "72" }),
  "an object without a kind": () => Object.assign(Object.create(null), { data: "opaque.png" }),
  bytes: async () => new Uint8Array(await opaque.blob.arrayBuffer()),
  "a Response": () => fetch("opaque.png"),
  "a list": () => [opaque.blob],
  "a list of files": () => new DataTransfer().files,
  "an event": () => new Event("change"),
  "an empty address": () => "",
  "a long address of no picture": () => `data:image/png;base64,${"AAAA".repeat(9999)}`,
  "fields of an ImageData of other colors": () => {
    const { width, height, data } = opaque.pixels;
    return { width, height, data, colorSpace: "display-p3" };
  },
  "a text of base64": () => "AAAA".repeat(999),
  "a drawing without a size": () => image("drawing.svg"),
};

const controller = new AbortController();
const drawnAs = (kind) => {
  const { source } = canvas(opaque);
  const other = document.createElement("canvas");
  other.getContext(kind);
  return source && other;
};
const sent = () => {
  const source = document.createElement("canvas");
  source.transferControlToOffscreen();
  return source;
};

const bytesOf = (address) => async () => new Uint8Array(await (await fetch(address)).arrayBuffer());
const blur = (value = 1 / 121) => blurKernel(new Float64Array(121).fill(value), 2);
/** A picture that is wider than a canvas of this browser when it is twice as large. */
const wide = (alpha) =>
  new ImageData(new Uint8ClampedArray(4 * 2 * 33_000).fill(255, 0, alpha ? 4 : Infinity), 33_000, 2);
const written = async (it, ...file) => (await it.upscale(opaque.pixels)).toBlob(...file);

const startWorker = (address = "/package/dist/worker-thread.min.js") =>
  new Worker(address, { type: "module" });
/** The worker's code in memory, where it has no address. */
const blobOfWorker = URL.createObjectURL(
  new Blob([await (await fetch("/package/dist/worker-thread.min.js")).blob()], { type: "text/javascript" }),
);
function endSoon(worker, milliseconds) {
  setTimeout(() => worker.terminate(), milliseconds);
  return worker;
}
/** Calls something while the browser fails to give a thing. */
async function withBroken(object, method, call) {
  const whole = object[method];
  object[method] = () => Promise.reject(new DOMException("The driver failed.", "OperationError"));
  try {
    return await call();
  } finally {
    object[method] = whole;
  }
}

/** Calls with wrong options, by the upscaler that they are made of, or by the options of a new one in a worker. */
const CALLS = {
  "no canvas": (it) => it.toCanvas(opaque.pixels, document.querySelector("canvas.missing")),
  "a paragraph for a canvas": (it) => it.toCanvas(opaque.pixels, document.createElement("p")),
  "a canvas for 3D": (it) => it.toCanvas(opaque.pixels, drawnAs("webgl2")),
  "a canvas for bitmaps": (it) => it.toCanvas(opaque.pixels, drawnAs("bitmaprenderer")),
  "a canvas that went to a worker": (it) => it.toCanvas(opaque.pixels, sent()),
  "options of null": (it) => it.upscale(opaque.pixels, null),
  "a kernel's options of text": (it) => it.estimateKernel(opaque.pixels, "fast"),
  "a controller for a signal": (it) => it.upscale(opaque.pixels, { signal: controller }),
  "a kernel's controller for a signal": (it) => it.estimateKernel(opaque.pixels, { signal: controller }),
  "progress that is no function": (it) => it.upscale(opaque.pixels, { onProgress: 5 }),
  "a sigma of text": (it) => it.upscale(opaque.pixels, { sigma: "high" }),
  "a tile of text": (it) => it.upscale(opaque.pixels, { tile: "512" }),
  "a tile that is too small": (it) => it.upscale(opaque.pixels, { tile: 10 }),
  "a tile that is too large": (it) => it.upscale(opaque.pixels, { tile: 5000 }),
  "a symbol for a sigma": (it) => it.upscale(opaque.pixels, { sigma: Symbol("auto") }),
  "a signal for options": (it) => it.upscale(opaque.pixels, controller.signal),
  "a kernel of a list": (it) => it.upscale(opaque.pixels, { given: { kernel: { ...blur(), values: [1] } } }),
  "a kernel of too few values": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: { ...blur(), size: 12 } } }),
  "a kernel without an orientation": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: { ...blur(), orientation: undefined } } }),
  "a kernel that adds up to nothing": (it) => it.upscale(opaque.pixels, { given: { kernel: blur(0) } }),
  "a kernel of infinite values": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: { ...blur(), values: blur().values.fill(Infinity) } } }),
  "a kernel of too many values": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: blurKernel(new Float64Array(501 ** 2).fill(1), 2) } }),
  "a kernel with a scale of text": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: { ...blur(), scale: "2" } } }),
  "a canvas of too many pixels": (it) => it.upscale(new OffscreenCanvas(20_000, 20_000)),
  "a scale for a call": (it) => it.upscale(opaque.pixels, { scale: 4 }),
  "a preference for a call": (it) => it.upscale(opaque.pixels, { powerPreference: "low-power" }),
  "a model for a kernel": (it) => it.estimateKernel(opaque.pixels, { model: "usrnet" }),
  "a source for options": (it) => it.upscale(opaque.pixels, opaque.pixels),
  "a list for options": (it) => it.upscale(opaque.pixels, []),
  "a kernel of another scale": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: { ...blur(), scale: 4 } } }),
  "a noise of text": (it) => it.upscale(opaque.pixels, { given: { kernel: blur(), noise: "3" } }),
  "an uncertainty of NaN": (it) =>
    it.upscale(opaque.pixels, { given: { kernel: blur(), uncertainty: { error: Number.NaN } } }),
  "a kernel alone": (it) => it.upscale(opaque.pixels, { given: new Float32Array(121) }),
  "an unknown place": (it) => it.upscale(opaque.pixels, { align: "center" }),
  "a worker of null": () => createWorkerUpscaler(null),
  "a worker that is none": () => createWorkerUpscaler({ worker: () => ({}) }),
  "a worker that cannot be started": () =>
    createWorkerUpscaler({ worker: () => new Worker("http://localhost:1/") }),
  "a worker whose file is missing": () => createWorkerUpscaler({ worker: () => new Worker("nothing.js") }),
  "a worker with a number for weights": () => createWorkerUpscaler({ weights: 5 }),
  "a worker with an address for weights that is none": () => createWorkerUpscaler({ weights: "http://" }),
  "a worker with an address for weights that has none below it": () =>
    createWorkerUpscaler({ weights: "data:,models" }),
  "a worker that is none but takes messages": () =>
    createWorkerUpscaler({ worker: () => new MessageChannel().port1 }),
  "a worker that is ended while it starts": () =>
    createWorkerUpscaler({ worker: () => endSoon(startWorker(), 0) }),
  "a worker that is ended in the middle": async () => {
    const worker = startWorker();
    const it = await createWorkerUpscaler({ ...options, worker: () => worker });
    const call = it.upscale(opaque.pixels, { onProgress: () => worker.terminate() });
    return Promise.all([call, it.estimateKernel(opaque.pixels)]);
  },
  "a worker without an address that knows no weights": () =>
    createWorkerUpscaler({ worker: () => startWorker(blobOfWorker) }),
  "a worker of another scale": () => createWorkerUpscaler({ scale: 3 }),
  "a worker of a symbol's scale": () => createWorkerUpscaler({ scale: Symbol("2") }),
  "a worker with a device": (it) => createWorkerUpscaler({ device: it.engine?.device ?? {} }),
  "a worker with a loader that gives nothing": () => createWorkerUpscaler({ weights: async () => {} }),
  "a worker with a loader that gets a page": () => createWorkerUpscaler({ weights: bytesOf("/") }),
  "a loader that gets a page": () => createUpscaler({ weights: bytesOf("/") }),
  "a loader of another scale's weights": () =>
    createUpscaler({ model: "fast", weights: bytesOf("/package/models/spectral-x4.safetensors") }),
  "a worker of an unknown preference": () => createWorkerUpscaler({ powerPreference: "fast" }),
  "weights that break off": () => createUpscaler({ weights: "/package/models?cut" }),
  "an unknown preference": () => createUpscaler({ powerPreference: "fast" }),
  "an object without a kind for a model": () => createUpscaler({ model: Object.create(null) }),
  "a picture that is too wide for a canvas": (it) => it.toCanvas(wide(), document.createElement("canvas")),
  "a picture that is too wide for a file": async (it) => (await it.upscale(wide())).toBlob(),
  "a transparent picture that is too wide for a file": async (it) => (await it.upscale(wide(true))).toBlob(),
  "a type of files that no browser writes": (it) => written(it, "image/jpg"),
  "a quality in percent": (it) => written(it, "image/jpeg", 80),
  "a worker with a loader that fails": () =>
    createWorkerUpscaler({ weights: () => Promise.reject(new Error("no disk")) }),
  "a controller for a worker's signal": () => createWorkerUpscaler({ signal: controller }),
  "an upscaler of null": () => createUpscaler(null),
  "weights where there is a page": () => createUpscaler({ weights: "/nothing/" }),
  "a number for weights": () => createUpscaler({ weights: 5 }),
  "an address for weights that has none below it": () => createUpscaler({ weights: "data:,models" }),
  "a browser that gives no adapter": () =>
    withBroken(GPU.prototype, "requestAdapter", () => createUpscaler(options)),
  "an adapter that gives no device": () =>
    withBroken(GPUAdapter.prototype, "requestDevice", () => createUpscaler(options)),
  "an adapter for a device": async () => createUpscaler({ device: await navigator.gpu.requestAdapter() }),
};

function raise(reason) {
  throw reason;
}

/** The address of a file on the other site, which allows nobody to read it. */
function elsewhere(name) {
  return new URL(name, new URLSearchParams(location.search).get("elsewhere")).href;
}

globalThis.test = {
  sources: Object.keys(SOURCES),
  wrong: Object.keys(WRONG),
  /** What a source shows, and what is made of it. */
  async upscale(name, place) {
    const { source, pixels } = await SOURCES[name]();
    const made = (await upscalers[place].upscale(source)).toImageData();
    return [pixels, made].map(({ width, height, data }) => ({ width, height, data: [...data] }));
  },
  /** The bytes of a file that is made of a transparent picture. */
  async write(place) {
    const made = await upscalers[place].upscale("clear.png");
    return [...new Uint8Array(await (await made.toBlob()).arrayBuffer())];
  },
  /** What a call that waits for its turn makes of a canvas that is painted over, and of a frame that is closed, after the call. */
  async wait(place) {
    const { source } = canvas(opaque);
    const frame = new VideoFrame(source, { timestamp: 0 });
    const expected = (await upscalers[place].upscale(source)).toImageData();
    const calls = [opaque.pixels, source, frame].map((picture) => upscalers[place].upscale(picture));
    source.getContext("2d").clearRect(0, 0, source.width, source.height);
    frame.close();
    const [, made, framed] = await Promise.all(calls);
    return [expected, made.toImageData(), framed.toImageData()].map(({ data }) => [...data]);
  },
  /** How a call ends whose function throws, and that of a new upscaler. */
  async fail(place) {
    const fail = (name) => upscalers[place].upscale(opaque.pixels, { [name]: () => raise(name) });
    const create = { page: createUpscaler, worker: createWorkerUpscaler }[place];
    const calls = [
      ...["onProgress", "onKernel", "onPlan"].map(fail),
      create({ onProgress: () => raise("create") }),
    ];
    const ends = await Promise.allSettled(calls);
    await upscalers[place].estimateKernel(opaque.pixels);
    return ends.map(({ reason }) => String(reason));
  },
  /** The sides of a picture whose address is relative to the page's base. */
  async base(place) {
    const base = document.createElement("base");
    base.href = "/inner/";
    document.head.append(base);
    try {
      return await upscalers[place].upscale("inner.png").then(({ width, height }) => [width, height]);
    } finally {
      base.remove();
    }
  },
  /** How a call with wrong options ends. */
  async call(name, place) {
    const began = performance.now();
    const error = await CALLS[name](upscalers[place]).then(
      () => new Error("It was taken."),
      (reason) => reason,
    );
    const milliseconds = performance.now() - began;
    await upscalers[place].estimateKernel(opaque.pixels);
    return { message: String(error), isOurs: error instanceof EngineError, milliseconds };
  },
  /** How a call with a wrong source ends, how long that takes, and whether the upscaler works after it. */
  async refuse(name, place, call) {
    const source = await WRONG[name]();
    const began = performance.now();
    const error = await upscalers[place][call](name === "a Promise" ? Promise.resolve(source) : source).then(
      () => new Error("It was taken."),
      (reason) => reason,
    );
    const milliseconds = performance.now() - began;
    const isFile = typeof source === "string" || source instanceof Blob;
    await upscalers[place].estimateKernel(opaque.pixels);
    return { kind: error.name, message: error.message, milliseconds, isFile };
  },
};
document.title = "ready";
