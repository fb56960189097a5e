import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { debianSourceLines } from "../e2e/machinery/apt-sources.ts";

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function apt(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "drover-apt-"));
  folders.push(folder);
  await mkdir(join(folder, "sources.list.d"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

test("the old format: Debian's mirror before others, suites beside the main one left out", async () => {
  const folder = await apt({
    "sources.list": `
# deb http://commented.test/debian bookworm main
deb-src http://mirror.test/debian bookworm main
deb [signed-by=/k.asc arch=amd64] http://vendor.test/packages bookworm main
deb http://mirror.test/debian/ bookworm main contrib # the mirror
deb http://mirror.test/debian bookworm-updates main
deb http://security.test/debian-security bookworm-security main
`,
    "sources.list.d/tool.list": "deb https://tool.test/linux/debian bookworm stable\n",
  });
  expect(await debianSourceLines(folder, "bullseye")).toEqual([
    "deb http://mirror.test/debian/ bullseye main",
    "deb [signed-by=/k.asc arch=amd64] http://vendor.test/packages bullseye main",
  ]);
});

test("the format of stanzas, with its key", async () => {
  const folder = await apt({
    "sources.list.d/debian.sources": `Types: deb
# a comment
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian.gpg

Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://off.test/debian
Suites: sid
Components: main
`,
    "sources.list.d/debian.sources.disabled": "deb http://no.test/debian sid main",
  });
  expect(await debianSourceLines(folder, "bullseye")).toEqual([
    "deb [signed-by=/usr/share/keyrings/debian.gpg] http://mirror.test/debian bullseye main",
  ]);
});

test("none on a machine that has no Debian", async () => {
  const folder = await apt({
    "sources.list": "deb http://mirror.test/ubuntu noble main universe\n",
  });
  expect(await debianSourceLines(folder, "bullseye")).toEqual([]);
  expect(await debianSourceLines(join(folder, "nowhere"), "bullseye")).toEqual([]);
});
