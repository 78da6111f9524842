// What a module of the console asks of the browser when it is loaded. Import it first.
const every = globalThis.setInterval;
Object.assign(globalThis, {
  localStorage: {getItem: () => null, setItem: () => undefined},
  setInterval: (...asked: Parameters<typeof every>) => {
    const timer = every(...asked) as unknown as {unref(): void};
    timer.unref();  // a clock that ticks on would keep the test from its end
    return timer;
  },
});
