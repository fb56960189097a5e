# What rotate-tokens needs of Nomad: the token of rotate.nomad. Keep the parts for what you rotate.
#
# Kind nomad-token needs a management token, which no policy makes: only those may read and make others.
#   nomad acl token create -name=drover-rotate -type=management
# or a role of Vault's Nomad secrets engine of that type:
#   vault write nomad/role/drover-rotate type=management

# Kind nomad-gossip-key.
agent {
  policy = "write"
}

# Kind nomad-root-key.
operator {
  policy = "write"
}

# `nomadVariable` of any kind, once for each path, in its namespace.
namespace "default" {
  variables {
    path "nomad/jobs/web" {
      capabilities = ["read", "write"]
    }
  }
}
