import { readFile } from "node:fs/promises";
import type { Plugin } from "esbuild";

const SDK_PACKAGE = /@aws-sdk[\\/]client-[^\\/]+[\\/]package\.json$/;
const JSON_SCHEMAS = /zod[\\/]v4[\\/]core[\\/](to-json-schema|json-schema-processors)\.js$/;
const EVENT_STREAMS =
  /@smithy[\\/]core[\\/]dist-es[\\/]submodules[\\/]event-streams[\\/]index\.js$/;
const EXPORTED = /^export (?:const|function) (\w+)/gm;

/**
 * Leaves out what libraries bring along and no function uses: of each SDK client's package.json all but
 * its version, of zod the writing of JSON schemas, and the reading of event streams. Together they are some
 * 50 KB a function.
 */
export const unusedParts: Plugin = {
  name: "unused-parts",
  setup(build) {
    build.onLoad({ filter: SDK_PACKAGE }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, "utf8"));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
    build.onLoad({ filter: EVENT_STREAMS }, () => ({ contents: NO_EVENT_STREAMS, loader: "js" }));
    build.onLoad({ filter: JSON_SCHEMAS }, async ({ path }) => ({
      contents: refusals(await readFile(path, "utf8")),
      loader: "js",
    }));
  },
};

const NO_EVENT_STREAMS = `
  const refuse = () => {
    throw new Error("event streams are not in the bundle");
  };
  export { refuse as EventStreamSerde, refuse as eventStreamSerdeProvider };`;

/** The same exports, which refuse to work; schemas take hold of some of them when they are made. */
function refusals(source: string): string {
  const names = [...source.matchAll(EXPORTED)].map(([, name]) => name ?? "");
  const exported = names.map(
    (name) => `${name.startsWith("create") ? "create" : "refuse"} as ${name}`,
  );
  return `
    const refuse = () => {
      throw new Error("JSON schemas are not in the bundle");
    };
    const create = () => refuse;
    export { ${exported.join(", ")}, refuse as process };`;
}
