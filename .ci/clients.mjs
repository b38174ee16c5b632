// Connects the TypeScript SDKs to a built binary, over standard input and output
// and over HTTP, in both eras, and uses all that the server has.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [binary, url] = process.argv.slice(2);
const resolve = createRequire(`${process.env.NODE_TOOLS}/`).resolve;
const load = (name) => import(pathToFileURL(resolve(name)));

const v1 = { ...(await load('@modelcontextprotocol/sdk/client/index.js')), ...(await load('@modelcontextprotocol/sdk/client/stdio.js')),
  ...(await load('@modelcontextprotocol/sdk/client/streamableHttp.js')), ...(await load('@modelcontextprotocol/sdk/types.js')) };
const v2 = { ...(await load('@modelcontextprotocol/client')), ...(await load('@modelcontextprotocol/client/stdio')) };

const me = { name: 'clients.mjs', version: '1' };
const second = { sdk: v2, updated: 'notifications/resources/updated', elicit: 'elicitation/create' };
const clients = [
  { name: 'TypeScript SDK 1, legacy', sdk: v1, updated: v1.ResourceUpdatedNotificationSchema, elicit: v1.ElicitRequestSchema },
  { name: 'TypeScript SDK 2, legacy', ...second, mode: 'legacy' },
  { name: 'TypeScript SDK 2, modern', ...second, modern: true, mode: { pin: '2026-07-28' } },
  { name: 'TypeScript SDK 2, auto', ...second, modern: true, mode: 'auto' },
];

// tool calls a tool, which must not fail, and returns what a model gets of it.
async function tool(client, name, args) {
  const result = await client.callTool({ name, arguments: args });
  assert(!result.isError, JSON.stringify(result.structuredContent));
  return result.structuredContent;
}

// complete picks the first thing that an argument may be.
async function complete(client, ref, name) {
  const { completion } = await client.complete({ ref, argument: { name, value: '' } });
  assert(completion.values.length > 0, `nothing completes ${name}`);
  return completion.values[0];
}

const checks = {
  async tools(client) {
    const { tools } = await client.listTools();
    assert(tools.length > 30, `${tools.length} tools`);
    const found = await tool(client, 'attrove_query', { query: 'What needs my attention this week?' });
    assert.match(JSON.stringify(found), /msg_/);
    const wrong = await client.callTool({ name: 'attrove_query', arguments: { question: 'which?' } });
    assert(wrong.isError && /question/.test(JSON.stringify(wrong.structuredContent)), 'a bad argument is named');
    await assert.rejects(client.callTool({ name: 'attrove_no_such_tool', arguments: {} }));
  },
  async resources(client) {
    const { resources } = await client.listResources();
    const own = resources.find(({ uri }) => uri.startsWith('attrove://goals/'));
    for (const uri of ['attrove://goals', own.uri]) {
      const { contents } = await client.readResource({ uri });
      assert.equal(contents[0].uri, uri);
      assert.match(contents[0].text, /^# /m);
    }
    await assert.rejects(client.readResource({ uri: 'attrove://goals/gol_nobodys' }), /not found/i);
    const { resourceTemplates } = await client.listResourceTemplates();
    for (const { uriTemplate } of resourceTemplates) {
      const name = uriTemplate.match(/{(\w+)}/)[1];
      const value = await complete(client, { type: 'ref/resource', uri: uriTemplate }, name);
      const { contents } = await client.readResource({ uri: uriTemplate.replace(`{${name}}`, value) });
      assert.match(contents[0].text, /\w/, uriTemplate);
    }
  },
  async prompts(client) {
    const { prompts } = await client.listPrompts();
    assert(prompts.length > 0);
    for (const prompt of prompts) {
      const given = {};
      for (const argument of prompt.arguments ?? []) {
        if (argument.required) given[argument.name] = await complete(client, { type: 'ref/prompt', name: prompt.name }, argument.name);
      }
      const { messages } = await client.getPrompt({ name: prompt.name, arguments: given });
      assert.match(JSON.stringify(messages), /\w{3}/, prompt.name);
    }
  },
  async subscriptions(client, { modern, updated }) {
    const { data } = await tool(client, 'attrove_list_goals', {});
    const { id } = data.find(({ lifecycle }) => lifecycle === 'active');
    const uri = `attrove://goals/${id}`;
    const heard = new Promise((done, fail) => {
      client.setNotificationHandler(updated, ({ params }) => done(params.uri));
      setTimeout(() => fail(new Error('nothing was heard in a minute')), 60_000).unref();
    });
    let stream;
    if (modern) {
      stream = await client.listen({ resourceSubscriptions: [uri, 'attrove://notes'], toolsListChanged: true });
      assert.deepEqual(stream.honoredFilter, { resourceSubscriptions: [uri] });
    } else {
      await client.subscribeResource({ uri });
    }
    await tool(client, 'attrove_evaluate_goal', { goal_id: id });
    assert.equal(await heard, uri);
    await (modern ? stream.close() : client.unsubscribeResource({ uri }));
  },
  async confirmation(client, { elicit }) {
    const goal = await tool(client, 'attrove_create_goal', { title: 'Confirm it', watch_scope: { keywords: ['nothing'] } });
    for (const action of ['decline', 'accept']) {
      let asked = 0;
      client.setRequestHandler(elicit, ({ params }) => {
        asked++;
        assert.match(params.message, /Confirm it/);
        return action === 'accept' ? { action, content: { confirm: true } } : { action };
      });
      const result = await client.callTool({ name: 'attrove_archive_goal', arguments: { goal_id: goal.id, reason: 'For a test.' } });
      assert.equal(asked, 1, JSON.stringify(result));
      assert.equal(result.isError ?? false, action === 'decline');
      const { lifecycle } = await tool(client, 'attrove_get_goal_status', { goal_id: goal.id });
      assert.equal(lifecycle, action === 'accept' ? 'archived' : 'active');
    }
  },
};

for (const kind of clients) {
  for (const way of ['stdio', 'HTTP']) {
    const { Client, StdioClientTransport, StreamableHTTPClientTransport } = kind.sdk;
    const client = new Client(me, { capabilities: { elicitation: { form: {} } }, ...(kind.mode && { versionNegotiation: { mode: kind.mode } }) });
    await client.connect(way === 'stdio' ? new StdioClientTransport({ command: binary, args: ['stdio', '--demo'], stderr: 'ignore' })
      : new StreamableHTTPClientTransport(new URL(url)));
    if (kind.modern) assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
    // Over HTTP there is no session in which a legacy client could be told or asked.
    const reachable = kind.modern === true || way === 'stdio';
    const { resources } = client.getServerCapabilities();
    assert.equal(resources.subscribe ?? false, reachable);
    const names = ['tools', 'resources', 'prompts', ...(reachable ? ['subscriptions', 'confirmation'] : [])];
    for (const name of names) {
      try {
        await checks[name](client, kind);
      } catch (error) {
        console.error(`${kind.name} over ${way}: ${name}:`, error);
        process.exit(1);
      }
    }
    await client.close();
    console.log(`ok  ${kind.name} over ${way}: ${names.join(', ')}`);
  }
}
