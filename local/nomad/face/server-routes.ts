import type { Call, Reply } from "./call.ts";
import { permissionDenied, readHeaders } from "./replies.ts";

export function tokenSelf({ model, token }: Call): Reply {
  if (!token) throw permissionDenied();
  const value = {
    AccessorID: token.accessorId,
    Name: "",
    Policies: null,
    SecretID: token.secretId,
    Type: token.type ?? "client",
  };
  return { value, headers: readHeaders(model.state.index) };
}

export function leader(): Reply {
  return { value: "127.0.0.1:4647" };
}

export function agentHealth(): Reply {
  return { value: { server: { message: "ok", ok: true } } };
}
