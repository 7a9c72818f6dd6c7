# What the scripts share: finds the Swift toolchain and installs what is missing. Sourced, not run.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "Installing needs root. Run this as root: $*"
  fi
}

# Installs Debian packages unless all of them are there.
need_packages() {
  local missing=()
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  say "Installing ${missing[*]}"
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
}

command -v swift >/dev/null || fail "Swift 6.3 is needed and 'swift' is not on the PATH. See https://www.swift.org/install"

if [ "$(uname -s)" = Linux ]; then
  command -v apt-get >/dev/null || fail "This script installs packages with apt-get. On another system install LLVM's OpenMP runtime (libomp) and run the swift commands of this script by hand."
  need_packages libomp-dev
fi
