// Before a short program that calls `fetch`. Node.js reads answers with a WebAssembly parser, and compiles it a second
// time, optimised, as soon as it runs: half of what one request costs. First touched, so that the cached code of
// `fetch` still fits the flags; a version without the flag goes on without it.
"use strict";
Headers;
require("node:v8").setFlagsFromString("--liftoff-only");
