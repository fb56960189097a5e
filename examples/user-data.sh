#!/usr/bin/env bash
# Fetches what Drover has introduced this instance with, and starts its Consul and Nomad agents.
#
# It needs bash, curl, jq and the AWS CLI, and runs as root: from user data, or better as a oneshot unit
# at each boot, since an instance of a warm pool boots for the second time when its turn has come. Once
# the instance has been introduced it does nothing more; the enabled agents start by themselves.
#
# No secret is ever an argument of a command, in the environment or in the output: each travels from
# file to file in memory. So don't run it with `bash -x` where others read the console.
set -euo pipefail
umask 077

PARAMETER_PATH=${PARAMETER_PATH:-/drover/nodes} # introduction.path of Drover's configuration
CONSUL_CONFIG=${CONSUL_CONFIG:-/etc/consul.d/90-drover.json}
NOMAD_CONFIG=${NOMAD_CONFIG:-/etc/nomad.d/90-drover.json}
NOMAD_DATA=${NOMAD_DATA:-/opt/nomad/data}
# Where whatever reads secrets on this machine, such as a Vault agent, finds the token.
VAULT_TOKEN_FILE=${VAULT_TOKEN_FILE:-/run/drover/vault-token}
PATIENCE_SECONDS=${PATIENCE_SECONDS:-1800}
PAUSE_SECONDS=${PAUSE_SECONDS:-5}
IMDS=${IMDS:-http://169.254.169.254}
# VAULT_ADDR, VAULT_CACERT and VAULT_NAMESPACE as for Vault's own CLI.

say() { echo "drover: $*"; }
fail() {
  say "$*" >&2
  exit 1
}

# An instance's metadata by IMDSv2.
imds_token() {
  curl --silent --show-error --fail --max-time 5 --request PUT \
    --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' "$IMDS/latest/api/token"
}
imds() { # path
  curl --silent --fail --max-time 5 \
    --header @<(printf 'X-aws-ec2-metadata-token: %s\n' "$(imds_token)") \
    "$IMDS/latest/meta-data/$1"
}

# In a warm pool an instance waits (Warmed:Stopped, Warmed:Running, …) until it is to serve; what it
# was introduced with would run out meanwhile.
wait_for_turn() {
  local state
  while true; do
    state=$(imds autoscaling/target-lifecycle-state || echo unknown)
    [ "$state" = InService ] && return
    say "the target lifecycle state is $state, not InService"
    sleep "$PAUSE_SECONDS"
  done
}

# A parameter that is not there yet is refused, not missed: it bears no tag that the policy could
# compare. So every failure is a reason to look again, and the last one is told.
fetch_introduction() { # file
  local until=$((SECONDS + PATIENCE_SECONDS)) why=$work/why
  until aws ssm get-parameter --region "$region" --with-decryption \
    --name "$PARAMETER_PATH/$instance/introduction" \
    --query Parameter.Value --output text >"$1" 2>"$why"; do
    [ "$SECONDS" -lt "$until" ] || fail "there is no introduction: $(tr '\n' ' ' <"$why")"
    sleep "$PAUSE_SECONDS"
  done
}

report() { # JSON without a secret
  aws ssm put-parameter --region "$region" --overwrite --type String \
    --name "$PARAMETER_PATH/$instance/report" --value "$1" >/dev/null
}

# Asks Vault with the JSON in $work/question and keeps the answer in $work/answer. Prints the status. A
# Vault that is silent, sealed or busy is asked again: it has done nothing yet, or says so the next time.
ask_vault() { # path
  local status options=(--silent --max-time 30 --output "$work/answer" --write-out '%{http_code}')
  [ -z "${VAULT_CACERT:-}" ] || options+=(--cacert "$VAULT_CACERT")
  [ -z "${VAULT_NAMESPACE:-}" ] || options+=(--header "X-Vault-Namespace: $VAULT_NAMESPACE")
  for _ in 1 2 3 4 5 6; do
    status=$(curl "${options[@]}" --data "@$work/question" "$VAULT_ADDR/v1/$1" || true)
    case $status in 000 | 429 | 5??) sleep "$PAUSE_SECONDS" ;; *) break ;; esac
  done
  echo "$status"
}

# Somebody who has unwrapped the secret id before us is in the cluster now. Drover raises the alarm.
intercepted() { # what was seen
  report "$(jq --compact-output --null-input --arg why "$1" '{intercepted: $why}')"
  fail "the secret id may be somebody else's: $1"
}

log_in_to_vault() { # introduction
  local status path expected
  [ -n "${VAULT_ADDR:-}" ] || fail "VAULT_ADDR is needed to log in"
  jq '{token: .vault.wrappedSecretId}' "$1" >"$work/question"

  # Looking at the wrapping tells who made it, and leaves it as it is.
  status=$(ask_vault sys/wrapping/lookup)
  case $status in
  200) ;;
  4??) intercepted "Vault knows no such wrapping ($status)" ;;
  *) fail "Vault can't be asked about the wrapping ($status)" ;;
  esac
  path=$(jq --raw-output .data.creation_path "$work/answer")
  expected=$(jq --raw-output .vault.creationPath "$1")
  [ "$path" = "$expected" ] || intercepted "the wrapping was made by $path, not by $expected"

  status=$(ask_vault sys/wrapping/unwrap)
  case $status in
  200) mv "$work/answer" "$work/secret-id" ;;
  4??) intercepted "the wrapping was empty ($status)" ;;
  *) fail "Vault can't unwrap ($status)" ;;
  esac

  jq --slurpfile unwrapped "$work/secret-id" \
    '{role_id: .vault.roleId, secret_id: $unwrapped[0].data.secret_id}' "$1" >"$work/question"
  status=$(ask_vault "auth/$(jq --raw-output .vault.mount "$1")/login")
  [ "$status" = 200 ] || fail "Vault refuses the login ($status)"
  mkdir --parents "$(dirname "$VAULT_TOKEN_FILE")"
  jq --raw-output .auth.client_token "$work/answer" >"$VAULT_TOKEN_FILE"
  # By its accessor Drover revokes the token when the instance is gone. An accessor opens nothing.
  report "$(jq --compact-output '{vaultTokenAccessor: .auth.accessor}' "$work/answer")"
}

# Consul and Nomad read every file of their folders; these hold what is this instance's alone.
configure_consul() { # introduction
  jq --arg instance "$instance" '{
    node_name: .nodeName,
    node_meta: {instance_id: $instance},
  } + if .consulToken then {acl: {tokens: {agent: .consulToken, default: .consulToken}}} else {} end' \
    "$1" >"$CONSUL_CONFIG"
  if id consul >/dev/null 2>&1; then chown consul: "$CONSUL_CONFIG"; fi
}
configure_nomad() { # introduction
  mkdir --parents "$NOMAD_DATA/client"
  jq --join-output '.nomadIntroductionToken // ""' "$1" >"$NOMAD_DATA/client/intro_token.jwt"
  [ -s "$NOMAD_DATA/client/intro_token.jwt" ] || rm "$NOMAD_DATA/client/intro_token.jwt"
  # Last, as it says that the instance has been introduced.
  jq --arg instance "$instance" \
    '{name: .nodeName, client: {enabled: true, meta: {instance_id: $instance}}}' \
    "$1" >"$NOMAD_CONFIG.new"
  mv "$NOMAD_CONFIG.new" "$NOMAD_CONFIG"
}

instance=$(imds instance-id) || fail "the metadata service does not answer at $IMDS"
region=$(imds placement/region)
if grep --quiet --fixed-strings "\"$instance\"" "$NOMAD_CONFIG" 2>/dev/null; then
  say "$instance has been introduced already"
  exit 0
fi

work=$(mktemp --directory "${XDG_RUNTIME_DIR:-/run}/drover.XXXXXX") # in memory
trap 'rm --recursive --force "$work"' EXIT

wait_for_turn
fetch_introduction "$work/introduction"
say "$instance is introduced as $(jq --raw-output .nodeName "$work/introduction")"
if jq --exit-status .vault "$work/introduction" >/dev/null; then
  log_in_to_vault "$work/introduction"
fi
configure_consul "$work/introduction"
configure_nomad "$work/introduction"
systemctl enable --now consul nomad
