// The step that bursts lead to: finds the numbers whose SHA-256 begins with enough zero bits, and sends the form. The same file is the page's
// script and, as a worker, what does the work. Without it, or where it takes too long, the form's button works after the wait.

// ---- SHA-256 of one block, of which only the first word is looked at ----
const constants = () => {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (x) => ((x - Math.floor(x)) * 4294967296) | 0;
  return [Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime))), Int32Array.from(primes.slice(0, 8), (prime) => fraction(Math.sqrt(prime)))];
};

const hasher = () => {
  const [k, start] = constants();
  const w = new Int32Array(64);
  return (block, from) => {
    for (let i = 0; i < 16; i++) w[i] = block.getInt32(i * 4);
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15];
      const b = w[i - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = start;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + k[i] + w[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    return (a + start[0]) | 0;
  };
};

// Looks on from a number for so many tries. Gives the number that fits, or -1.
const finder = (seed, bits) => {
  const hash = hasher();
  const bytes = new Uint8Array(64);
  const block = new DataView(bytes.buffer);
  return (piece, from, tries) => {
    const head = `${seed}:${piece}:`;
    for (let number = from; number < from + tries; number++) {
      const text = head + number;
      bytes.fill(0, head.length);
      for (let i = number === from ? 0 : head.length; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      bytes[text.length] = 128;
      block.setUint32(60, text.length * 8);
      if (hash(block) >>> (32 - bits) === 0) return number;
    }
    return -1;
  };
};

// ---- the worker ----
const work = ({ seed, bits, pieces }) => {
  const find = finder(seed, bits);
  const found = [];
  for (let piece = 0; piece < pieces; piece++) {
    found.push(find(piece, 0, 2 ** 31));
    self.postMessage(found);
  }
};

// ---- the page ----
const page = (form) => {
  const { step: seed, script } = form.dataset;
  const bits = Number(form.dataset.bits);
  const pieces = Number(form.dataset.pieces);
  const progress = form.querySelector("progress");
  for (const part of form.querySelectorAll("[data-working]")) part.hidden = false;
  form.querySelector("[data-still]").hidden = true;
  const begun = performance.now();
  let sent = false;
  const send = () => {
    if (sent) return;
    const password = form.querySelector("input[type=password]");
    if (password && !form.checkValidity()) {
      // Typed once more by its owner, who then presses.
      form.querySelector("p[data-working]").textContent = form.dataset.done;
      password.focus();
      return;
    }
    sent = true;
    form.submit();
  };
  const take = (found) => {
    progress.value = found.length;
    if (found.length < pieces) return;
    form.dataset.took = String(Math.round(performance.now() - begun));
    form.elements.stepwork.value = found.join(".");
    send();
  };
  // In small portions on the page itself, where there are no workers.
  const here = () => {
    const find = finder(seed, bits);
    const found = [];
    let from = 0;
    const on = () => {
      const number = find(found.length, from, 2_000);
      from = number < 0 ? from + 2_000 : 0;
      if (number >= 0) take([...found, number]), found.push(number);
      if (found.length < pieces) setTimeout(on, 0);
    };
    on();
  };
  // Whoever's machine is too slow goes on by waiting like those without scripts.
  if (!form.querySelector("input[type=password]")) setTimeout(send, (Number(form.dataset.wait) + 1) * 1000);
  try {
    const worker = new Worker(script);
    worker.onmessage = (event) => take(event.data);
    worker.onerror = here;
    worker.postMessage({ seed, bits, pieces });
  } catch {
    here();
  }
};

if (typeof document === "undefined") self.onmessage = (event) => work(event.data);
else for (const form of document.querySelectorAll("form[data-step]")) page(form);
