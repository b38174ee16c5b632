// Installs and uses an unpacked bundle as a host does: settings go in by the
// format's own library, and a client of the official SDK connects.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { getMcpConfigForManifest } from "@anthropic-ai/mcpb";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";

const dir = process.argv[2];
const manifest = JSON.parse(fs.readFileSync(path.join(dir, "manifest.json"), "utf8"));
const ok = (what) => console.log(`ok  ${path.basename(dir)}: ${what}`);

// What the manifest names is there, and what is to run may be run.
const named = JSON.stringify(manifest.server).matchAll(/\$\{__dirname\}\/([^"]+)/g);
for (const file of [manifest.icon, manifest.server.entry_point, ...[...named].map((m) => m[1])]) {
  assert.ok(fs.statSync(path.join(dir, file)).isFile(), `${file} is missing`);
}
for (const file of fs.readdirSync(path.join(dir, "server"))) {
  assert.ok(fs.statSync(path.join(dir, "server", file)).mode & 0o100, `server/${file} has no execute bit`);
}
ok("all files, with their execute bits");

if (!manifest.compatibility.platforms.includes(process.platform)) {
  process.exit(0); // it is checked, but cannot be started here
}

async function use(label, userConfig, check, of = manifest) {
  const { command, args, env } = await getMcpConfigForManifest({
    manifest: of, extensionPath: dir, systemDirs: {}, userConfig, pathSeparator: path.sep,
  });
  const { HOME, XDG_DATA_HOME, XDG_STATE_HOME, PATH } = process.env;
  const client = new Client({ name: "bundle-check", version: "1" });
  await client.connect(new StdioClientTransport({
    command, args, env: { ...env, HOME, XDG_DATA_HOME, XDG_STATE_HOME, PATH },
  }));
  try {
    await check(client);
  } finally {
    await client.close();
  }
  ok(label);
}

const call = async (client, name, args = {}) => JSON.stringify((await client.callTool({ name, arguments: args })).structuredContent);
const lists = async (client) => {
  const { tools } = await client.listTools();
  assert.deepEqual(tools.map((t) => t.name), manifest.tools.map((t) => t.name), "the tools it lists");
  const { name, version } = client.getServerVersion();
  assert.equal(name, manifest.name);
  if (manifest.version !== "0.0.0") assert.equal(version, `v${manifest.version}`, "the release that it is");
};

await use("nothing set: lists the manifest's tools, and says what to set", {}, async (client) => {
  await lists(client);
  assert.match(await call(client, "attrove_query", { query: "hello" }), /MISSING_KEY.*settings/);
});

await use("demo: answers with citations", { mode: "demo" }, async (client) => {
  assert.match(await call(client, "attrove_query", { query: "What needs my attention this week?" }), /msg_/);
});

const mail = path.join(dir, "..", "mail");
fs.mkdirSync(mail, { recursive: true });
fs.writeFileSync(path.join(mail, "Inbox"), `From ann@acme.example Mon May  4 09:00:00 2026
From: Ann Ash <ann@acme.example>
To: Ben Birch <ben@birch.example>
Subject: Lease of the warehouse
Date: Mon, 4 May 2026 09:00:00 +0000
Message-ID: <lease-1@acme.example>

Ben, can you send me the signed lease by Friday?
`);
await use("local: imports the chosen folder", { mode: "local", import_folder: mail }, async (client) => {
  for (let tries = 0; ; tries++) {
    const found = await call(client, "attrove_search", { query: "signed lease" });
    if (found.includes("Ann Ash")) return;
    assert.ok(tries < 600, `not imported: ${found}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

// A host that knows no defaults, and that unpacked without execute bits.
const bare = structuredClone(manifest);
for (const setting of Object.values(bare.user_config)) delete setting.default;
for (const file of fs.readdirSync(path.join(dir, "server"))) fs.chmodSync(path.join(dir, "server", file), 0o644);
await use("settings left as ${user_config...}, execute bits lost: starts", {}, lists, bare);
