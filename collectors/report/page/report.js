// Solves the puzzle that the server set (see proof.hpp) while the form is filled in, and holds the
// sending back until it is solved. Without this script the form works too, only more seldom.
"use strict";
(() => {
  const form = document.getElementById("report");
  if (!form) return;
  const progress = document.getElementById("progress");
  const button = form.querySelector("button");
  const photos = form.elements.photo;
  const kFresh = 20 * 60 * 1000;  // of the half hour that a challenge is good for

  const K = new Uint32Array(64);
  const START = new Uint32Array(8);
  (() => {  // the constants of FIPS 180-4: fractions of roots of the first primes
    const fraction = (x) => ((x - Math.floor(x)) * 0x100000000) >>> 0;
    for (let n = 2, found = 0; found < 64; n++) {
      let prime = true;
      for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
      if (!prime) continue;
      if (found < 8) START[found] = fraction(Math.sqrt(n));
      K[found++] = fraction(Math.cbrt(n));
    }
  })();

  const words = new Uint32Array(64);
  // The first word of SHA-256 of a text of at most 55 ASCII characters: one block.
  function firstWord(text) {
    words.fill(0, 0, 16);
    for (let i = 0; i < text.length; i++) words[i >> 2] |= text.charCodeAt(i) << (24 - 8 * (i & 3));
    words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
    words[15] = text.length * 8;
    for (let i = 16; i < 64; i++) {
      const a = words[i - 15], b = words[i - 2];
      const s0 = ((a >>> 7) | (a << 25)) ^ ((a >>> 18) | (a << 14)) ^ (a >>> 3);
      const s1 = ((b >>> 17) | (b << 15)) ^ ((b >>> 19) | (b << 13)) ^ (b >>> 10);
      words[i] = (words[i - 16] + s0 + words[i - 7] + s1) | 0;
    }
    let [a, b, c, d, e, f, g, h] = START;
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + words[i]) | 0;
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    return (START[0] + a) >>> 0;
  }

  const pause = () => new Promise((go) => setTimeout(go));
  async function solve(challenge) {
    const bits = Math.min(Number(challenge.split(".")[1]), 32);
    for (let n = 0; ; ) {
      const stop = performance.now() + 12;  // the page stays quick meanwhile
      while (performance.now() < stop)
        for (const end = n + 200; n < end; n++)
          if (Math.clz32(firstWord(challenge + ":" + n)) >= bits) return String(n);
      await pause();
    }
  }

  let proof = null;
  const begin = (challenge) => {
    proof = { challenge, since: Date.now(), solution: solve(challenge) };
  };
  async function freshProof() {
    if (!proof || Date.now() - proof.since > kFresh) {
      const answer = await fetch("/v1/challenge", { cache: "no-store" });
      begin((await answer.json()).challenge);
    }
    return proof;
  }

  function checkPhotos() {
    const files = [...photos.files];
    const wrong = files.length > Number(form.dataset.photos) ? form.dataset.count
      : files.some((file) => file.size > Number(form.dataset.photoBytes)) ? form.dataset.size : "";
    photos.setCustomValidity(wrong);
  }
  photos.addEventListener("change", () => { checkPhotos(); photos.reportValidity(); });

  form.addEventListener("focusin", () => {
    if (!proof) begin(form.dataset.challenge);
  }, { once: true });
  let under_way = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (under_way) return;
    under_way = true;
    button.setAttribute("aria-disabled", "true");
    progress.textContent = form.dataset.working;
    try {
      if (!proof && form.dataset.challenge) begin(form.dataset.challenge);
      const ready = await freshProof();
      form.elements.solution.value = await ready.solution;
      form.elements.challenge.value = ready.challenge;
    } catch {
      form.elements.challenge.value = form.elements.solution.value = "";  // the slow way is open
    }
    progress.textContent = form.dataset.sending;
    form.submit();
  });
  // Back from the answer: the old proof is spent.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    under_way = false;
    proof = null;
    form.dataset.challenge = "";
    button.removeAttribute("aria-disabled");
    progress.textContent = "";
  });
  document.querySelector(".problem h2")?.parentElement.focus();
})();
