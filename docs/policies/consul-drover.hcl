# What Drover's functions need of Consul: the token that consul.tokenSecret or consul.tokenFromVault gives.

# To make and delete the tokens of nodes; without introductions, leave it out. It can make any token: keep this
# one to Drover.
acl = "write"

# To let failed members leave.
operator = "write"

node_prefix "" {
  policy = "write"
}

service_prefix "" {
  policy = "write"
}

# To find the datacenter: it can go when consul.datacenter is configured.
agent_prefix "" {
  policy = "read"
}
