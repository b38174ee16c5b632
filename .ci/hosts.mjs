// Has Claude Code and Codex use a built binary as they use any MCP server, over
// standard input and output and over HTTP. Both run without an account: a script
// stands in for Claude Code's model, and Codex is asked over its app server.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';

const [binary, url] = process.argv.slice(2);
const program = (name) => path.join(process.env.NODE_TOOLS, '.bin', name);
const question = { query: 'What needs my attention this week?' };
const { PATH } = process.env;
const newHome = () => mkdtemp(path.join(process.env.WORK, 'home-'));

// run runs a program to its end and returns what it printed.
async function run(command, args, env) {
  const child = promisify(execFile)(command, args, { cwd: env.HOME, env: { PATH, ...env }, timeout: 300_000 });
  child.child.stdin.end();
  return (await child).stdout;
}

// scripted is a model that makes one call after the other, each again until its result
// is what it wants: a host may answer before it has heard from all of a server. It gives
// the last results to heard.
function scripted(calls, heard) {
  let rounds = 0;
  return http.createServer(async (request, response) => {
    let text = '';
    for await (const part of request) text += part;
    if (!request.url.startsWith('/v1/messages') || request.url.includes('count_tokens')) {
      response.writeHead(404).end();
      return;
    }
    const { messages } = JSON.parse(text);
    const results = messages.flatMap(({ content }) => (Array.isArray(content) ? content : [])).filter(({ type }) => type === 'tool_result');
    for (const result of results) heard.set(Number(result.tool_use_id.split('_')[1]), JSON.stringify(result));
    const next = calls.findIndex(({ wants }, i) => !wants.test(heard.get(i)));
    const ends = next < 0 || ++rounds > 100;
    if (!ends && heard.has(next)) await setTimeout(250);
    const event = (type, data) => response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    event('message_start', { message: { id: 'msg_1', type: 'message', role: 'assistant', model: 'scripted', content: [], usage: { input_tokens: 1, output_tokens: 1 } } });
    const [content_block, delta] = ends
      ? [{ type: 'text', text: '' }, { type: 'text_delta', text: 'Done.' }]
      : [{ type: 'tool_use', id: `call_${next}_${rounds}`, name: calls[next].name, input: {} }, { type: 'input_json_delta', partial_json: JSON.stringify(calls[next].input) }];
    event('content_block_start', { index: 0, content_block });
    event('content_block_delta', { index: 0, delta });
    event('content_block_stop', { index: 0 });
    event('message_delta', { delta: { stop_reason: ends ? 'end_turn' : 'tool_use' }, usage: { output_tokens: 1 } });
    event('message_stop', {});
    response.end();
  });
}

async function claude() {
  const env = { HOME: await newHome(), ANTHROPIC_API_KEY: 'sk-ant-nobodys', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', MCP_TIMEOUT: '120000' };
  await run(program('claude'), ['mcp', 'add', 'stdio', '--', binary, 'stdio', '--demo'], env);
  await run(program('claude'), ['mcp', 'add', '--transport', 'http', 'HTTP', url], env);
  const list = await run(program('claude'), ['mcp', 'list'], env);
  assert.equal(list.match(/✔ Connected/g)?.length, 2, list);
  assert.match(await run(program('claude'), ['mcp', 'get', 'stdio'], env), /✔ Connected/);
  console.log('ok  Claude Code: mcp add, list, get');

  for (const server of ['stdio', 'HTTP']) {
    const heard = new Map();
    const calls = [
      { name: `mcp__${server}__attrove_query`, input: question, wants: /msg_/ },
      { name: 'ListMcpResourcesTool', input: { server }, wants: /attrove:\/\/goals/ },
      { name: 'ReadMcpResourceTool', input: { server, uri: 'attrove://goals' }, wants: /# Goals/ },
    ];
    const model = scripted(calls, heard).listen(0, '127.0.0.1');
    await once(model, 'listening');
    try {
      await run(program('claude'), ['-p', 'Go on.', '--allowedTools', `mcp__${server},ListMcpResourcesTool,ReadMcpResourceTool`],
        { ...env, ANTHROPIC_BASE_URL: `http://127.0.0.1:${model.address().port}` });
    } finally {
      model.close();
    }
    calls.forEach(({ wants }, i) => assert.match(heard.get(i) ?? 'nothing', wants));
    console.log(`ok  Claude Code over ${server}: tools, resources`);
  }
}

// appServer is Codex's app server, of which to ask things.
async function appServer(home, config) {
  const child = spawn(program('codex'), [...config.flatMap((line) => ['-c', line]), 'app-server'],
    { cwd: home, env: { PATH, HOME: home, CODEX_HOME: home }, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map();
  readline.createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line);
    waiting.get(id)?.(error ? Promise.reject(new Error(JSON.stringify(error))) : result);
    waiting.delete(id);
  });
  const send = (message) => child.stdin.write(`${JSON.stringify(message)}\n`);
  let last = 0;
  const ask = (method, params) => new Promise((answer, fail) => {
    const id = ++last;
    waiting.set(id, answer);
    send({ id, method, params });
    setTimeout(300_000, undefined, { ref: false }).then(() => fail(new Error(`Codex does not answer ${method}`)));
  });
  await ask('initialize', { clientInfo: { name: 'hosts.mjs', version: '1' }, capabilities: null });
  send({ method: 'initialized' });
  return { ask, end: () => { child.stdin.end(); return once(child, 'exit'); } };
}

async function codex() {
  const home = await newHome();
  await run(program('codex'), ['mcp', 'add', 'stdio', '--', binary, 'stdio', '--demo'], { HOME: home, CODEX_HOME: home });
  await run(program('codex'), ['mcp', 'add', 'HTTP', '--url', url], { HOME: home, CODEX_HOME: home });
  const list = JSON.parse(await run(program('codex'), ['mcp', 'list', '--json'], { HOME: home, CODEX_HOME: home }));
  assert.deepEqual(list.map(({ name }) => name).sort(), ['HTTP', 'stdio']);
  console.log('ok  Codex: mcp add, list');

  // A model that nobody serves, so that nothing leaves this machine.
  const { ask, end } = await appServer(home, ['model_provider="none"', 'model_providers.none={name="none",base_url="http://127.0.0.1:9/v1"}',
    'mcp_servers.stdio.startup_timeout_sec=120', 'mcp_servers.HTTP.startup_timeout_sec=120']);
  const { data } = await ask('mcpServerStatus/list', {});
  const { thread } = await ask('thread/start', {});
  for (const server of ['stdio', 'HTTP']) {
    const { tools, resources, resourceTemplates } = data.find(({ name }) => name === server);
    assert(Object.keys(tools).length > 30 && resources.length > 3 && resourceTemplates.length > 3, server);
    const called = await ask('mcpServer/tool/call', { threadId: thread.id, server, tool: 'attrove_query', arguments: question });
    assert(!called.isError);
    assert.match(JSON.stringify(called.structuredContent), /msg_/);
    const read = await ask('mcpServer/resource/read', { threadId: thread.id, server, uri: 'attrove://goals' });
    assert.match(read.contents[0].text, /# Goals/);
    console.log(`ok  Codex over ${server}: tools, resources`);
  }
  await end();
}

await claude();
await codex();
