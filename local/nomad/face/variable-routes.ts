import * as z from "zod";
import type { ModelVariable } from "../variables.ts";
import { type Call, Refusal, type Reply } from "./call.ts";
import { bodyOf, permissionDenied, readHeaders } from "./replies.ts";

const NANOSECONDS_A_MILLISECOND = 1e6;
const MOST_BYTES = 64 * 1_024;
const RESERVED = /^nomad(\/|$)/;
const OPEN = /^nomad\/(jobs|job-templates)(\/|$)/;
const PATH = /^[a-zA-Z0-9-_~/]{1,128}$/;
const Items = z.record(z.string(), z.string());

/** Only to who may read it is said that there is none. */
export function readVariable(call: Call): Reply {
  const { model, token } = call;
  const place = placeOf(call);
  if (!model.access.mayWithVariable(token, "read", place)) throw permissionDenied();
  const found = model.variables.get(place.namespace, place.path);
  if (!found) throw new Refusal(404, "variable not found");
  return { value: variableJson(found), headers: readHeaders(model, found.modifyIndex) };
}

/** The path in the body counts for nothing. A `cas` of 0 is for one that there is not. */
export function putVariable(call: Call): Reply {
  const { model, token, query } = call;
  const items = itemsOf(call);
  const cas = query.get("cas") ?? undefined;
  if (cas !== undefined && !/^\d+$/.test(cas)) {
    throw new Refusal(
      400,
      `can not parse cas: strconv.ParseUint: parsing "${cas}": invalid syntax`,
    );
  }
  const place = placeOf(call);
  assertPath(place.path);
  assertSize(items);
  if (!model.access.mayWithVariable(token, "write", place)) throw permissionDenied();
  const before = model.variables.get(place.namespace, place.path);
  if (cas !== undefined && Number(cas) !== (before?.modifyIndex ?? 0)) {
    const maySee = model.access.mayWithVariable(token, "read", place);
    return { status: 409, value: conflictJson(place, before, maySee) };
  }
  const index = ++model.state.index;
  const value = variableJson(model.variables.put(place.namespace, place.path, items, index));
  return { value, headers: { "x-nomad-index": `${index}` } };
}

function placeOf({ params: [path = ""], query }: Call) {
  return { path, namespace: query.get("namespace") || "default" };
}

function itemsOf(call: Call): z.infer<typeof Items> {
  const { items } = bodyOf(call);
  const read = Items.safeParse(items ?? {});
  if (!read.success) {
    const where = "Go struct field VariableDecrypted.Items of type string";
    throw new Refusal(400, `json: cannot unmarshal number into ${where}`);
  }
  if (Object.keys(read.data).length > 0) return read.data;
  throw new Refusal(400, "variable missing required Items object");
}

function assertPath(path: string): void {
  if (!PATH.test(path)) throw invalid(`invalid path "${path}"`);
  if (path === "nomad") {
    throw invalid(
      '"nomad" is a reserved top-level directory path, but you may write variables to "nomad/jobs", "nomad/job-templates", "nomad/sentinel", or below',
    );
  }
  if (RESERVED.test(path) && !OPEN.test(path)) {
    throw invalid(
      'only paths at "nomad/jobs" or "nomad/job-templates" and below are valid paths under the top-level "nomad" directory',
    );
  }
}

function assertSize(items: z.infer<typeof Items>): void {
  const bytes = Object.entries(items).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  if (bytes > MOST_BYTES) throw invalid("variables are limited to 64KiB in total size");
}

function invalid(why: string): Refusal {
  return new Refusal(400, `RPC Error:: 400,${why}`);
}

/** What it holds by now; the items only for who may read them. */
function conflictJson(
  { namespace, path }: { readonly namespace: string; readonly path: string },
  before: ModelVariable | undefined,
  maySee: boolean,
) {
  const none = { CreateIndex: 0, CreateTime: 0, ModifyIndex: 0, ModifyTime: 0 };
  if (!before) return { ...none, Namespace: namespace, Path: path };
  const { Items, ...rest } = variableJson(before);
  return maySee ? { ...rest, Items } : rest;
}

function variableJson(variable: ModelVariable) {
  const { namespace, path, items, createIndex, createdAt, modifyIndex, modifiedAt } = variable;
  return {
    CreateIndex: createIndex,
    CreateTime: createdAt.getTime() * NANOSECONDS_A_MILLISECOND,
    Items: items,
    ModifyIndex: modifyIndex,
    ModifyTime: modifiedAt.getTime() * NANOSECONDS_A_MILLISECOND,
    Namespace: namespace,
    Path: path,
  };
}
