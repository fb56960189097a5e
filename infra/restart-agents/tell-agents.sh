#!/bin/sh
# Restarts or reloads systemd units in their order, then shows how each of them is. Ends with 1 if one is not
# active, or was not reloaded: it goes on with what it has read before.
# Systems Manager puts the parameters in; the patterns it allows let nothing through that a shell would read.
units='{{ Units }}'
action='{{ Action }}'
seconds_each=60
status=0

for unit in $units; do
  echo "== $action $unit"
  timeout "$seconds_each" systemctl "$action" -- "$unit" 2>&1 || {
    echo "systemctl ended with $?"
    [ "$action" = restart ] || status=1
  }
done

for unit in $units; do
  state=$(systemctl is-active -- "$unit")
  echo "== $unit is $state"
  [ "$state" = active ] || status=1
  journalctl --unit "$unit" --lines 30 --no-pager --output short-iso 2>&1
done

exit "$status"
