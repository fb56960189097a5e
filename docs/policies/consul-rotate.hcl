# What rotate-tokens needs of Consul: the token of rotate.consul. Keep the parts for what you rotate.

# Kind consul-token. Who may make a token may make any: give it to no other function.
acl = "write"

# Kind consul-gossip-key.
keyring = "write"

# `agents` of the kind consul-token: to give running agents their token. Name the agents, by the beginning of
# their nodes' names, if others are not to be reached.
agent_prefix "" {
  policy = "write"
}
