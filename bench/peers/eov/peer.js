// Peer: express-openapi-validator, its middleware chain driven without express or a network.
// Reads "<message> <iterations>" lines, answers JSON lines with CPU seconds.
'use strict';
const fs = require('node:fs');
const path = require('node:path');
const querystring = require('node:querystring');
const readline = require('node:readline');
const OpenApiValidator = require('express-openapi-validator');

const folder = process.argv[2];
const apiSpec = path.resolve(folder, 'openapi.json');
const messages = new Map(JSON.parse(fs.readFileSync(path.join(folder, 'messages.json'), 'utf8'))
  .map((m) => [m.name, m]));

const app = { enabled: () => false, param() {} }; // all the middlewares ask of express
const common = { apiSpec, fileUploader: false };
const chains = {
  request: OpenApiValidator.middleware({
    ...common, validateRequests: { coerceTypes: true }, validateResponses: false }),
  response: OpenApiValidator.middleware({
    ...common, validateRequests: false, validateSecurity: false, validateResponses: true }),
};
const noop = [(req, res, next) => next()];

class Request {
  constructor(m) {
    const cut = m.url.indexOf('?');
    this.app = app;
    this.method = m.method;
    this.originalUrl = this.url = m.url;
    this.baseUrl = '';
    this.path = cut < 0 ? m.url : m.url.slice(0, cut);
    this.query = querystring.parse(cut < 0 ? '' : m.url.slice(cut + 1));
    this.params = {};
    this.headers = {};
    for (const [name, value] of m.headers) this.headers[name.toLowerCase()] = value;
  }
}

class Response {
  constructor(m) {
    this.statusCode = m.status ?? 200;
    this.headersSent = false;
    this.headers = {};
    for (const [name, value] of m.response_headers ?? []) this.headers[name.toLowerCase()] = value;
  }
  getHeaders() { return this.headers; }
  json() { return this; } // the validator wraps this
}

// What express.json() and express.urlencoded() would do, plus `encoding: contentType` of the field
// `to`, which express-openapi-validator leaves to the application for urlencoded bodies.
function decode(m, req) {
  if (m.body === '') return undefined;
  if (req.headers['content-type'] === 'application/json') return JSON.parse(m.body);
  const form = { ...querystring.parse(m.body) };
  form.to = JSON.parse(form.to);
  return form;
}

function run(chain, req, res) { // resolves when the last middleware called next()
  return new Promise((resolve, reject) => {
    const step = (index) => (error) => {
      if (error) reject(error);
      else if (index === chain.length) resolve();
      else chain[index](req, res, step(index + 1));
    };
    step(0)();
  });
}

async function validate(m) {
  const req = new Request(m);
  const res = new Response(m);
  req.body = decode(m, req);
  if (m.kind === 'request') return run(chains.request, req, res);
  let refused; // an invalid response arrives as a second next(error) of the last middleware
  const chain = [...chains.response];
  const last = chain.pop();
  await run(chain, req, res);
  await new Promise((resolve) => last(req, res, (error) => { refused ??= error; resolve(); }));
  if (refused) throw refused;
  res.json(JSON.parse(m.response_body));
  if (refused) throw refused;
}

const idle = (m) => run(noop, new Request(m), new Response(m)); // the harness's own share

async function measure(work, m, iterations) {
  let error;
  const start = process.cpuUsage();
  for (let i = 0; i < iterations; i++) {
    try { await work(m); } catch (e) { error = e; }
  }
  const { user, system } = process.cpuUsage(start);
  return { seconds: (user + system) / 1e6, error };
}

async function main() {
  for (const m of messages.values()) await measure(validate, m, 1); // schemas compile on first use
  const { user, system } = process.cpuUsage();
  console.log(`ready ${((user + system) / 1000).toFixed(1)}`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [name, count] = line.split(' ');
    const iterations = Number(count);
    const gross = await measure(validate, messages.get(name), iterations);
    const { seconds: noopSeconds } = await measure(idle, messages.get(name), iterations);
    console.log(JSON.stringify({
      name, iterations, cpu_seconds: gross.seconds - noopSeconds, gross_cpu_seconds: gross.seconds,
      noop_cpu_seconds: noopSeconds, valid: gross.error === undefined, error: gross.error?.message }));
  }
}

main();
