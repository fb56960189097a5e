import * as z from "zod";
import { AwsError } from "../aws-error.ts";
import type { AwsModel } from "../aws-model.ts";
import { arn } from "../context.ts";
import type { Parameter } from "../ssm/parameter.ts";
import { readValue } from "../ssm/parameter-store.ts";
import { type JsonService, jsonAction } from "./json-service.ts";
import { pageOf } from "./paging.ts";

const Name = z.string().min(1).max(2_048);
/** These calls take ten names at most; whether AWS takes one twice was not tried. */
const Names = z
  .array(Name)
  .min(1)
  .max(10)
  .refine((names) => new Set(names).size === names.length, "names must be unique");
const WithDecryption = z.boolean().default(false);
const Tags = z.array(z.object({ Key: z.string(), Value: z.string() }));
const ResourceOfTags = { ResourceType: z.literal("Parameter"), ResourceId: z.string() };
const PageSize = z.int().min(1).max(10).default(10);
const NextToken = z.string().optional();
/** Those the model knows of what DescribeParameters filters by. */
const ParameterFilters = z
  .array(
    z.object({
      Key: z.literal("Name"),
      Option: z.literal("Equals").default("Equals"),
      Values: z.array(z.string()).min(1).max(50),
    }),
  )
  .default([]);

/** The calls of Parameter Store. */
export function parameterCalls(model: AwsModel): JsonService["actions"] {
  const { parameters } = model;
  const json = (parameter: Parameter, decrypted: boolean) => ({
    Name: parameter.name,
    Type: parameter.type,
    Value: readValue(parameter, decrypted),
    Version: parameter.version,
    LastModifiedDate: parameter.modifiedAt.getTime() / 1_000,
    ARN: arn(model, "ssm", `parameter/${parameter.name.replace(/^\//, "")}`),
    DataType: "text",
  });
  return {
    PutParameter: jsonAction(
      z.object({
        Name,
        Value: z.string(),
        Type: z.enum(["String", "StringList", "SecureString"]).optional(),
        Tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).optional(),
        KeyId: z.string().optional(),
        Overwrite: z.boolean().optional(),
        Policies: z.string().optional(),
        Tags: Tags.optional(),
      }),
      (input) => {
        const { version, tier } = parameters.put({
          name: input.Name,
          value: input.Value,
          type: input.Type,
          tier: input.Tier,
          keyId: input.KeyId,
          overwrite: input.Overwrite,
          policies: input.Policies,
          tags: asMap(input.Tags ?? []),
        });
        return { Version: version, Tier: tier };
      },
    ),
    GetParameter: jsonAction(z.object({ Name, WithDecryption }), (input) => ({
      Parameter: json(parameters.get(input.Name), input.WithDecryption),
    })),
    GetParameters: jsonAction(z.object({ Names, WithDecryption }), (input) => ({
      Parameters: input.Names.flatMap((name) => parameters.find(name) ?? []).map((each) =>
        json(each, input.WithDecryption),
      ),
      InvalidParameters: input.Names.filter((name) => !parameters.find(name)),
    })),
    GetParametersByPath: jsonAction(
      z.object({
        Path: z.string().startsWith("/"),
        Recursive: z.boolean().default(false),
        WithDecryption,
        MaxResults: PageSize,
        NextToken,
      }),
      (input) => {
        const prefix = input.Path.endsWith("/") ? input.Path : `${input.Path}/`;
        const below = parameters.list().filter(({ name }) => {
          const rest = name.slice(prefix.length);
          return name.startsWith(prefix) && (input.Recursive || !rest.includes("/"));
        });
        const { page, ...next } = pageOf(below, input.MaxResults, input.NextToken);
        return { Parameters: page.map((each) => json(each, input.WithDecryption)), ...next };
      },
    ),
    DeleteParameter: jsonAction(z.object({ Name }), (input) => {
      parameters.delete(parameters.get(input.Name).name);
    }),
    DeleteParameters: jsonAction(z.object({ Names }), (input) => {
      const known = input.Names.filter((name) => parameters.delete(name));
      const unknown = input.Names.filter((name) => !known.includes(name));
      return { DeletedParameters: known, InvalidParameters: unknown };
    }),
    DescribeParameters: jsonAction(
      z.object({ ParameterFilters, MaxResults: z.int().min(1).max(50).default(10), NextToken }),
      (input) => {
        const found = parameters
          .list()
          .filter(({ name }) =>
            input.ParameterFilters.every(({ Values }) => Values.includes(name)),
          );
        const { page, ...next } = pageOf(found, input.MaxResults, input.NextToken);
        return { Parameters: page.map(metadata), ...next };
      },
    ),
    AddTagsToResource: jsonAction(z.object({ ...ResourceOfTags, Tags }), (input) =>
      parameters.tag(input.ResourceId, asMap(input.Tags)),
    ),
    ListTagsForResource: jsonAction(z.object(ResourceOfTags), (input) => {
      const parameter = parameters.find(input.ResourceId);
      if (!parameter) throw new AwsError("InvalidResourceId", "The resource ID isn't valid.");
      return { TagList: [...parameter.tags].map(([Key, Value]) => ({ Key, Value })) };
    }),
  };
}

function metadata(parameter: Parameter) {
  return {
    Name: parameter.name,
    Type: parameter.type,
    ...(parameter.keyId && { KeyId: parameter.keyId }),
    Version: parameter.version,
    Tier: parameter.tier,
    LastModifiedDate: parameter.modifiedAt.getTime() / 1_000,
    DataType: "text",
    Policies: parameter.policies.map((policy) => ({
      PolicyText: JSON.stringify(policy),
      PolicyType: policy.Type,
      PolicyStatus: "Pending",
    })),
  };
}

function asMap(tags: z.output<typeof Tags>): Map<string, string> {
  return new Map(tags.map(({ Key, Value }) => [Key, Value]));
}
