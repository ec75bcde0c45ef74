/**
 * What a bot tells the JavaScript engine, however it is started: `deno task start`, the image, the
 * binary. New objects get 2 MiB before they are collected, in place of 16, and the heap is
 * collected when it has grown by 70 %, in place of up to 300: a bot is idle most of the time, and
 * the rest would only be held.
 */
export const V8_OPTION = "--v8-flags=--max-semi-space-size=2,--heap-growing-percent=70";
