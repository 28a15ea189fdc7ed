# The build environment, sourced by ./dev: packages installed natively on a current
# distribution, else a Debian root of its own, made once and entered by bubblewrap.

suite=trixie
package_list=$here/packaging/build-packages.txt
packages=$(sed '/^#/d;/^$/d' "$package_list")
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/lineshaft
# The recipe is part of the key: a root made another way is another root.
root_recipe=2
environment_key=$(printf '%s\n' "$root_recipe" "$suite" "$packages" | sha256sum); environment_key=${environment_key:0:16}
root=$cache/root-$environment_key

if [ -t 2 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi
say()  { printf '%s==> %s%s\n' "$bold" "$*" "$plain" >&2; }
fail() { printf 'dev: %s\n' "$1" >&2; exit "${2:-1}"; }

# Debian 13 and later and Ubuntu 26.04 and later have every dependency as a package.
is_native() {
  local key value id='' version=''
  [ -r /etc/os-release ] || return 1
  while IFS='=' read -r key value; do
    case $key in ID) id=${value//\"/} ;; VERSION_ID) version=${value//\"/} ;; esac
  done </etc/os-release
  case $id in
    debian) [ -z "$version" ] || [ "${version%%.*}" -ge 13 ] 2>/dev/null ;;   # testing has no version
    ubuntu) [ "${version%%.*}" -ge 26 ] 2>/dev/null ;;
    *) return 1 ;;
  esac
}

# Finds out how a step that needs root can be run (as_root), or says which command the user has to
# run. A password is asked for here, before the step's output goes to a file.
as_root=()
become_root_for() {
  [ "$(id -u)" != 0 ] || return 0
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then as_root=(sudo); return 0; fi
  fail "this step needs root, and there is neither root nor sudo. Run this once as root, then call ./dev again:

    $*
"
}

# The newest line of a log, where a carriage return also ends one.
last_line() { tail -c 400 "$1" | tr '\r' '\n' | sed '/^[[:space:]]*$/d' | tail -n1; }

# apt-get with its output kept for the case that it fails, and one line of progress a second.
with_progress() {
  local what=$1 log; shift
  log=$(mktemp); say "$what"
  "$@" >"$log" 2>&1 & local job=$! began=$SECONDS
  while kill -0 "$job" 2>/dev/null; do
    if [ -t 2 ]; then printf '\r\e[K    %3d s  %.100s' "$((SECONDS - began))" "$(last_line "$log")" >&2
    elif [ $(((SECONDS - began) % 15)) = 14 ]; then printf '    %3d s  %.100s\n' "$((SECONDS - began))" "$(last_line "$log")" >&2; fi
    sleep 1
  done
  [ ! -t 2 ] || printf '\r\e[K' >&2
  if wait "$job"; then rm -f "$log"; return 0; fi
  tail -n 30 "$log" >&2
  say "failed; the whole output is in $log"
  return 1
}

missing_packages() {
  comm -13 <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | sed -n 's/^installed //p' | sort -u) \
           <(printf '%s\n' "$@" | sort -u)
}

install_natively() {
  local missing; missing=$(missing_packages "$@" | paste -sd' ')
  [ -n "$missing" ] || return 0
  # shellcheck disable=SC2206
  local install=(sh "$here/tools/install.sh" $missing)
  become_root_for "${install[@]}"
  with_progress "installing $missing" "${as_root[@]}" "${install[@]}" ||
    fail "apt-get could not install: $missing
What failed stands above. With the network and apt in order, call ./dev again."
}

# The address of the first Debian archive that this machine's own apt uses.
debian_mirror() {
  apt-get indextargets --format '$(SITE)|$(ORIGIN)|$(COMPONENT)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' '$3 == "main" && $1 !~ /security/ && ($2 == "Debian" || $2 == "") { print $1; exit }'
}

make_root() {
  local mirror building=$root.making.$$ mode=root apart=()
  command -v apt-get >/dev/null || fail "the build environment is made with apt's configuration, and this machine has no apt-get.
Debian 12 or later, or Ubuntu 26.04 or later, is needed."
  mirror=$(debian_mirror)
  if [ -z "$mirror" ] && [ "$(id -u)" = 0 ]; then with_progress "renewing the package lists" apt-get update || true; mirror=$(debian_mirror); fi
  [ -n "$mirror" ] || fail "apt's configuration on this machine names no Debian archive (tried: apt-get indextargets).
Add one to /etc/apt/sources.list, run apt-get update, and call ./dev again."
  # As root mmdebstrap mounts parts of this machine into the new root. In a mount namespace of its own these mounts go
  # with it, however it ends; in ours, what a killed one left would lead the next clean-up out of the root.
  if [ "$(id -u)" != 0 ]; then mode=unshare
  elif unshare --mount --propagation private true 2>/dev/null; then apart=(unshare --mount --propagation private); fi
  remove_roots "$root".making.*   # what a killed call left; we hold the lock
  local proxies=(); local line
  while IFS= read -r line; do proxies+=(--aptopt="$line"); done < <(apt-config dump 2>/dev/null | grep -iE '^Acquire::(https?|ftp)::Proxy ')
  with_progress "making the build environment, once: a Debian $suite root in $cache (about three minutes)" \
    "${apart[@]}" mmdebstrap --variant=minbase --mode="$mode" \
      --include="$(paste -sd, <<<"$packages")" \
      --aptopt='APT::Install-Recommends "false"' "${proxies[@]}" \
      --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --dpkgopt='path-exclude=/usr/share/locale/*' \
      --customize-hook='for f in passwd group hosts resolv.conf hostname localtime; do rm -f "$1/etc/$f"; : >"$1/etc/$f"; done' \
      "$suite" "$building" "deb $mirror $suite main" || {
        remove_roots "$building"
        fail "the build environment could not be made (tried: mmdebstrap --mode=$mode $suite from the archive that apt uses here).
With the network in order and 3 GB free in $cache, call ./dev again: it starts afresh."; }
  mv -T "$building" "$root"
  remove_old_roots
  say "the build environment is ready"
}

# A root made by an ordinary user holds files of ids that only its user namespace can remove.
remove_roots() {
  rm -rf --one-file-system "$@" 2>/dev/null ||
    unshare --map-auto --map-root-user rm -rf --one-file-system "$@" 2>/dev/null || true
}

# A package list that has changed leaves the root of the old one behind: those that no call
# has entered for a month go. Another checkout may still be using a younger one.
remove_old_roots() {
  local old key
  for old in "$cache"/root-*; do
    key=${old##*/root-}
    [ "$old" = "$root" ] || [ -n "$(find "$cache/used-$key" "$old" -maxdepth 0 -mtime -30 2>/dev/null)" ] ||
      remove_roots "$old" "$cache/used-$key"
  done
}

# Makes sure that the environment exists. Calls at once wait for the one that makes it.
prepare_environment() {
  # shellcheck disable=SC2086
  if is_native; then install_natively $packages; return; fi
  if [ -d "$root" ] && command -v bwrap >/dev/null; then : >"$cache/used-$environment_key"; return 0; fi
  local tools=(); command -v bwrap >/dev/null || tools+=(bubblewrap); command -v mmdebstrap >/dev/null || tools+=(mmdebstrap)
  [ "$(id -u)" = 0 ] || command -v newuidmap >/dev/null || tools+=(uidmap)
  [ ${#tools[@]} = 0 ] || install_natively "${tools[@]}"
  mkdir -p "$cache" || fail "cannot make $cache: set XDG_CACHE_HOME to a folder that you may write to"
  exec 9>"$cache/lock"
  flock -n 9 || { say "another call is making the build environment; waiting for it"; flock 9; }
  [ -d "$root" ] || make_root
  exec 9>&-
}

# Enters the root: its usr and etc read-only, everything else of the machine as it is.
enter_root() {
  local mounts=(--tmpfs /) name file
  for name in usr etc; do mounts+=(--ro-bind "$root/$name" "/$name"); done
  for name in bin sbin lib lib64; do mounts+=(--symlink "usr/$name" "/$name"); done
  for name in /*; do
    case $name in /usr|/etc|/bin|/sbin|/lib|/lib32|/lib64|/libx32|/lib.usr-is-merged|/proc|/dev|/sys) ;;
      *) if [ -L "$name" ]; then mounts+=(--symlink "$(readlink "$name")" "$name"); elif [ -d "$name" ]; then mounts+=(--bind "$name" "$name"); fi ;;
    esac
  done
  for file in passwd group hosts resolv.conf hostname localtime; do
    [ ! -e "/etc/$file" ] || mounts+=(--ro-bind "$(readlink -f "/etc/$file")" "/etc/$file")
  done
  # The machine's own certificates where it has them: its network may need one of its own.
  [ ! -s /etc/ssl/certs/ca-certificates.crt ] || mounts+=(--ro-bind /etc/ssl/certs /etc/ssl/certs)
  mounts+=(--dev-bind /dev /dev --bind /proc /proc --bind /sys /sys --chdir "$cd_from")
  case $here in /usr/*|/etc/*) fail "a checkout below /usr or /etc cannot be seen inside the build environment; move it, for example to $HOME" ;; esac
  [ "$(id -u)" != 0 ] || mounts+=(--cap-add ALL)
  exec perl "$here/tools/enter.pl" bwrap "${mounts[@]}" -- "$@"
}
