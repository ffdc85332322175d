# What packaging/run and packaging/test have in common. Sourced by them from the repository's root; not a program.
# shellcheck shell=bash

# Debian's own tools come first: another python3 or cmake in /usr/local or a version manager is not what was tested.
export PATH="/usr/bin:/bin:/usr/sbin:/sbin:$PATH"
export LC_ALL=C.UTF-8

fail() {
  echo "$(basename "$0"): $1" >&2
  exit "${2:-1}"
}

# As many compilers at once as there are cores, but no more than memory allows (a large file takes about 1.2 GB).
build_jobs() {
  local cores memory_mb by_memory
  cores=$(nproc)
  memory_mb=$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)
  by_memory=$((memory_mb / 1200))
  [ "$by_memory" -ge 1 ] || by_memory=1
  echo $((cores < by_memory ? cores : by_memory))
}

build_dir() { # PRESET
  if [ "$1" = release ]; then echo build; else echo "build/$1"; fi
}

configure() { # PRESET: quick when nothing changed; says something only when there is something to say
  local log
  log=$(mktemp)
  if ! cmake --preset "$1" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    fail "could not configure the build"
  fi
  grep -E 'Warning|Found|The CXX compiler' "$log" | head -40 || true
  rm -f "$log"
}

build() { # PRESET [TARGET…]
  local preset=$1
  shift
  local targets=()
  [ $# -eq 0 ] || targets=(--target "$@")
  NINJA_STATUS='  [%f/%t, %es] ' cmake --build --preset "$preset" --parallel "$(build_jobs)" "${targets[@]}" ||
    fail "the build failed (above)"
}

npm_packages() { # programs of others that judge our devices; from the network only when their list has changed
  local folder=tests/npm
  if cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock"; then
    echo "All npm packages are installed."
    return
  fi
  # Node.js has authorities of its own; those of the system count too, as they do for apt, git and curl here.
  local authorities=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
  (cd "$folder" && NODE_EXTRA_CA_CERTS=$authorities npm ci --ignore-scripts --no-audit --no-fund) || fail "could not install the npm packages in $folder"
  cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock"
}
