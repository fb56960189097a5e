#!/usr/bin/env bash
# Fetches what Drover has introduced this instance with, and starts its Consul and Nomad agents.
#
# It needs bash, curl, jq, the AWS CLI and flock, and runs as root at each boot: examples/drover-join.service
# is the unit. It can be run again whenever it failed, and goes on where it was. At a later boot the enabled
# agents start by themselves; the script looks whether there is another introduction, which an instance gets
# each time it comes out of a warm pool, and otherwise does nothing. It exits with 99 when the secret id may
# be in other hands.
#
# No secret is ever an argument of a command, in the environment or in the output: each travels from
# file to file in memory. So don't run it with `bash -x` where others read the console. What is left on the
# disk is what the agents read, and the Vault token.
set -euo pipefail
umask 077

PARAMETER_PATH=${PARAMETER_PATH:-/drover/nodes} # introduction.path of Drover's configuration
CONSUL_CONFIG=${CONSUL_CONFIG:-/etc/consul.d/90-drover.json}
NOMAD_CONFIG=${NOMAD_CONFIG:-/etc/nomad.d/90-drover.json}
NOMAD_DATA=${NOMAD_DATA:-/opt/nomad/data}
# In memory, and root's alone.
RUN_FOLDER=${RUN_FOLDER:-/run/drover}
# On the disk, since a secret id logs in once and the token has to survive a reboot; root's alone.
STATE_FOLDER=${STATE_FOLDER:-/var/lib/drover}
# Where whatever reads secrets on this machine, such as a Vault agent, finds the token.
VAULT_TOKEN_FILE=${VAULT_TOKEN_FILE:-$STATE_FOLDER/vault-token}
# How long the introduction may take to come, and Vault to answer a question.
PATIENCE_SECONDS=${PATIENCE_SECONDS:-1800}
# How long, at a later boot, another introduction may take to come.
RETURN_SECONDS=${RETURN_SECONDS:-300}
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
# was introduced with would run out meanwhile. It comes out with an introduction that is new.
wait_for_turn() {
  local state
  while true; do
    state=$(imds autoscaling/target-lifecycle-state || echo unknown)
    [ "$state" = InService ] && return
    # That it has used one before does not count any more.
    case $state in Warmed*) used='' patience=$PATIENCE_SECONDS ;; esac
    say "the target lifecycle state is $state, not InService"
    sleep "$PAUSE_SECONDS"
  done
}

# A parameter that is not there yet, or gone, is refused, not missed: it bears no tag that the policy could
# compare. So every failure is a reason to look again, and the last one is told.
fetch_introduction() { # file
  local until=$((SECONDS + patience)) why=$work/why
  while true; do
    if aws ssm get-parameter --region "$region" --with-decryption \
      --name "$PARAMETER_PATH/$instance/introduction" \
      --query Parameter.Value --output text >"$1" 2>"$why"; then
      digest_of "$1" >"$work/introduced"
      cmp --silent "$work/introduced" "$STATE_FOLDER/introduced" || return 0
      echo "the one there is has been used" >"$why"
    fi
    [ "$SECONDS" -lt "$until" ] || break
    sleep "$PAUSE_SECONDS"
  done
  [ -z "$used" ] || return 1
  fail "there is no introduction: $(tr '\n' ' ' <"$why")"
}

# The instance id is for the disks that are copied into images.
digest_of() { # file
  local digest
  digest=$(sha256sum <"$1") || fail "there is no sha256sum"
  echo "$instance ${digest%% *}"
}

report() { # JSON without a secret
  aws ssm put-parameter --region "$region" --overwrite --type String \
    --name "$PARAMETER_PATH/$instance/report" --value "$1" >/dev/null
}

# Asks Vault. Its answer is in $work/answer and $status, how often it was asked for nothing in $in_vain. A
# Vault that is silent, sealed or busy is asked again: it has done nothing yet, or says so the next time.
ask_vault() { # path, JSON, options of curl
  local until=$((SECONDS + PATIENCE_SECONDS)) options
  options=(--silent --max-time 30 --output "$work/answer" --write-out '%{http_code}' "${@:3}"
    --header 'Content-Type: application/json' --data "@$2")
  [ -z "${VAULT_CACERT:-}" ] || options+=(--cacert "$VAULT_CACERT")
  [ -z "${VAULT_NAMESPACE:-}" ] || options+=(--header "X-Vault-Namespace: $VAULT_NAMESPACE")
  in_vain=0
  while true; do
    rm --force "$work/answer"
    # An answer that broke off is none.
    status=$(curl "${options[@]}" "$VAULT_ADDR/v1/$1") || status=000
    case $status in 000 | 429 | 5??) ;; *) return ;; esac
    [ "$SECONDS" -lt "$until" ] || return 0
    in_vain=$((in_vain + 1))
    sleep "$PAUSE_SECONDS"
  done
}

# Of all that Vault can refuse, this alone says that the wrapping has been opened or has run out.
knows_no_wrapping() {
  [ "$status" = 400 ] && jq --exit-status \
    '.errors | any(contains("wrapping token is not valid"))' "$work/answer" >/dev/null 2>&1
}

# Somebody who has unwrapped the secret id before us is in the cluster now. Drover raises the alarm.
intercepted() { # what was seen
  report "$(jq --compact-output --null-input --arg why "$1" '{intercepted: $why}')"
  say "the secret id may be somebody else's: $1" >&2
  exit 99
}

# Looking at the wrapping tells who made it, and leaves it as it is.
check_wrapping() { # introduction
  local path expected
  jq '{token: .vault.wrappedSecretId}' "$1" >"$work/question"
  ask_vault sys/wrapping/lookup "$work/question"
  if knows_no_wrapping; then intercepted "Vault knows no such wrapping"; fi
  [ "$status" = 200 ] || fail "Vault can't be asked about the wrapping ($status)"
  path=$(jq --raw-output .data.creation_path "$work/answer")
  expected=$(jq --raw-output .vault.creationPath "$1")
  [ "$path" = "$expected" ] || intercepted "the wrapping was made by $path, not by $expected"
}

# The wrapping token is the token of this call, and must not be in its body as well.
unwrap() { # introduction
  local first=
  jq --raw-output '"X-Vault-Token: \(.vault.wrappedSecretId)"' "$1" >"$work/header"
  echo '{}' >"$work/question"
  ask_vault sys/wrapping/unwrap "$work/question" --header "@$work/header"
  [ "$in_vain" = 0 ] || first=" (or Vault opened it for us: tries that got no answer: $in_vain)"
  if knows_no_wrapping; then intercepted "the wrapping was empty$first"; fi
  [ "$status" = 200 ] || fail "Vault can't unwrap ($status)"
  mv "$work/answer" "$kept/secret-id"
}

log_in() { # introduction
  jq --slurpfile unwrapped "$kept/secret-id" \
    '{role_id: .vault.roleId, secret_id: $unwrapped[0].data.secret_id}' "$1" >"$work/question"
  ask_vault "auth/$(jq --raw-output .vault.mount "$1")/login" "$work/question"
  [ "$status" = 200 ] || fail "Vault refuses the login ($status)"
  mv "$work/answer" "$kept/login"
}

# A wrapping opens once, and a secret id logs in once. So what has come out of them is kept until all is
# done: a run that goes on after one that failed must take neither for stolen.
log_in_to_vault() { # introduction
  [ -n "${VAULT_ADDR:-}" ] || fail "VAULT_ADDR is needed to log in"
  jq --raw-output .vault.wrappedSecretId "$1" >"$work/wrapping"
  if ! cmp --silent "$work/wrapping" "$kept/wrapping"; then
    rm --force "$kept/secret-id" "$kept/login"
    mv "$work/wrapping" "$kept/wrapping"
  fi
  if [ ! -e "$kept/login" ]; then
    if [ ! -e "$kept/secret-id" ]; then
      check_wrapping "$1"
      unwrap "$1"
    fi
    log_in "$1"
  fi
  mkdir --parents "$(dirname "$VAULT_TOKEN_FILE")"
  jq --raw-output .auth.client_token "$kept/login" >"$VAULT_TOKEN_FILE.new"
  mv "$VAULT_TOKEN_FILE.new" "$VAULT_TOKEN_FILE"
  # By its accessor Drover revokes the token when the instance is gone. An accessor opens nothing.
  report "$(jq --compact-output '{vaultTokenAccessor: .auth.accessor}' "$kept/login")"
}

# Puts a file in its place if it is another than the one there. That its agent has to be restarted is kept
# until that is done.
place() { # agent, file
  if cmp --silent "$2.new" "$2"; then
    rm "$2.new"
    return
  fi
  touch "$kept/restart-$1"
  mv "$2.new" "$2"
}

# Consul and Nomad read every file of their folders; these hold what is this instance's alone.
configure_consul() { # introduction
  jq --arg instance "$instance" '{
    node_name: .nodeName,
    node_meta: {instance_id: $instance},
  } + if .consulToken then {acl: {tokens: {agent: .consulToken, default: .consulToken}}} else {} end' \
    "$1" >"$CONSUL_CONFIG.new"
  if id consul >/dev/null 2>&1; then chown consul: "$CONSUL_CONFIG.new"; fi
  place consul "$CONSUL_CONFIG"
}
configure_nomad() { # introduction
  local token=$NOMAD_DATA/client/intro_token.jwt
  mkdir --parents "$NOMAD_DATA/client"
  jq --join-output '.nomadIntroductionToken // ""' "$1" >"$token.new"
  # It reads the token when it starts.
  if [ -s "$token.new" ]; then place nomad "$token"; else rm --force "$token.new" "$token"; fi
  jq --arg instance "$instance" \
    '{name: .nodeName, client: {enabled: true, meta: {instance_id: $instance}}}' \
    "$1" >"$NOMAD_CONFIG.new"
  place nomad "$NOMAD_CONFIG"
}
start_agents() {
  local agent
  for agent in consul nomad; do
    # One that does not run yet is left for the start below.
    [ ! -e "$kept/restart-$agent" ] || systemctl try-restart "$agent"
  done
  systemctl enable --now consul nomad
}

instance=$(imds instance-id) || fail "the metadata service does not answer at $IMDS"
region=$(imds placement/region)

mkdir --parents "$RUN_FOLDER"
exec 9>"$RUN_FOLDER/join.lock"
flock 9 # Two runs at once would take each other for a thief.

# What a run leaves for the next one, which it is there for until one has come to its end.
kept=$RUN_FOLDER/join
mkdir --parents "$kept" "$STATE_FOLDER"
work=$(mktemp --directory "$RUN_FOLDER/work.XXXXXX")
trap 'rm --recursive --force "$work"' EXIT

# The digest of the introduction it has used, if it has used one.
used=$(grep --fixed-strings "$instance " "$STATE_FOLDER/introduced" 2>/dev/null) || used=
patience=${used:+$RETURN_SECONDS}
patience=${patience:-$PATIENCE_SECONDS}
wait_for_turn
if ! fetch_introduction "$work/introduction"; then
  say "$instance has been introduced already"
  rm --recursive --force "$kept"
  exit 0
fi
say "$instance is introduced as $(jq --raw-output .nodeName "$work/introduction")"
if jq --exit-status .vault "$work/introduction" >/dev/null; then
  log_in_to_vault "$work/introduction"
fi
configure_consul "$work/introduction"
configure_nomad "$work/introduction"
start_agents
cp "$work/introduced" "$STATE_FOLDER/introduced.new"
mv "$STATE_FOLDER/introduced.new" "$STATE_FOLDER/introduced"
rm --recursive --force "$kept"
