import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** Where apt gets packages from, as one line of a `.list` file without its suite. */
interface Source {
  /** `[signed-by=…]` and the like, or empty. */
  readonly options: string;
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** The names under which a machine may follow Debian itself. */
const SUITES = /^(stable|oldstable|testing|unstable|sid|bullseye|bookworm|trixie|forky)$/;

/**
 * The machine's own sources of Debian's main archive, mirrors and keys as they are, but for another
 * release: lines for a `.list` file, the likeliest first.
 * @param folder apt's configuration, for example `/etc/apt`.
 */
export async function debianSourceLines(folder: string, release: string): Promise<string[]> {
  const sources = await readSources(folder);
  const main = sources.filter(
    ({ suites, components }) =>
      components.includes("main") && suites.some((suite) => SUITES.test(suite)),
  );
  const isDebian = ({ uri }: Source) => /\/debian\/?$/.test(uri);
  const ordered = main.toSorted((a, b) => Number(isDebian(b)) - Number(isDebian(a)));
  const lines = ordered.map(({ options, uri }) => `deb ${options} ${uri} ${release} main`);
  return [...new Set(lines.map((line) => line.replace(/ {2,}/g, " ")))];
}

async function readSources(folder: string): Promise<Source[]> {
  const parts = await readdir(join(folder, "sources.list.d")).catch(none);
  const files = ["sources.list", ...parts.sort().map((part) => join("sources.list.d", part))];
  const read = files.map(async (file) => {
    const parse = file.endsWith(".sources")
      ? parseStanzas
      : file.endsWith(".list")
        ? parseLines
        : noSources;
    return parse(await readFile(join(folder, file), "utf8").catch(() => ""));
  });
  return (await Promise.all(read)).flat();
}

/** The one-line format: `deb [options] uri suite component…`. */
function parseLines(text: string): Source[] {
  return text.split("\n").flatMap((line) => {
    const found = /^\s*deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+([^#]*)/.exec(line);
    if (!found) return [];
    const [, options, uri = "", suite = "", components = ""] = found;
    return {
      options: options ? `[${options.trim()}]` : "",
      uri,
      suites: [suite],
      components: components.trim().split(/\s+/),
    };
  });
}

/** The format of stanzas (deb822). */
function parseStanzas(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const lines = stanza.split("\n").filter((line) => !line.startsWith("#"));
    const words = (field: string) => wordsOf(lines, field);
    if (!words("Types").includes("deb") || words("Enabled").includes("no")) return [];
    const [signedBy = ""] = words("Signed-By");
    const options = [
      // A key that stands in the file itself can't be said in one line: then apt's own keys do.
      ...(signedBy.startsWith("/") ? [`signed-by=${signedBy}`] : []),
      ...(words("Trusted").includes("yes") ? ["trusted=yes"] : []),
    ].join(" ");
    return words("URIs").map((uri) => ({
      options: options && `[${options}]`,
      uri,
      suites: words("Suites"),
      components: words("Components"),
    }));
  });
}

function wordsOf(lines: readonly string[], field: string): string[] {
  const start = `${field.toLowerCase()}:`;
  const line = lines.find((line) => line.toLowerCase().startsWith(start));
  return (line?.slice(start.length) ?? "").split(/\s+/).filter((word) => word !== "");
}

function noSources(): Source[] {
  return [];
}

function none(error: NodeJS.ErrnoException): string[] {
  if (error.code !== "ENOENT") throw error;
  return [];
}
