#!/bin/sh
# Installs packages as root without starting the services some of them bring (a supervisor
# and a monitoring server, wanted for tests alone). policy-rc.d is Debian's own way to say so.
set -eu
exec 9>/run/lock/lineshaft-install   # one at a time: the second finds everything installed
flock 9
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi
apt-get update || echo "the package lists could not be renewed; going on with those there are" >&2
DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
