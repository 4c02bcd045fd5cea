# shellcheck shell=bash
# What the scripts beside this one share; sourced, not run. Leaves the shell at the repository's top.

# --help is the comment at the top of the script.
case ${has_own_help:-${1:-}} in
  -h | --help)
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
    exit
    ;;
esac

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

step() {
  printf '\n== %s\n' "$*"
}

fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Path $1 as it is meant in the folder where the script was started, which the script keeps in from.
absolute() {
  case $1 in
    /*) printf '%s\n' "$1" ;;
    *) printf '%s\n' "${from:?}/$1" ;;
  esac
}

# The x86-64 CPUs that qemu stands in for, less what its emulation does not have.
readonly cpu_without_avx2=Nehalem cpu_with_avx2=Haswell-noTSX,-pcid,-x2apic,-tsc-deadline,-invpcid

require_swift() {
  command -v swift >/dev/null || fail "Swift is missing: install it from https://swift.org/install"
}

is_debian() {
  command -v apt-get >/dev/null
}

# Ends where packages of Debian and Ubuntu cannot be installed, saying what that is needed for, or what is to
# be done instead.
require_debian() {
  is_debian || fail "Not a Debian system: $1"
}

# Runs a command that must succeed and say text $1.
expect() {
  local text=$1 output
  shift
  output=$("$@" 2>&1) || fail "$* failed: $output"
  [[ $output == *"$text"* ]] || fail "$* does not say '$text': $output"
}

# The clang that came with Swift, or else the system's.
swift_clang() {
  local clang
  clang=$(dirname "$(readlink -f "$(command -v swift)")")/clang
  [[ -x $clang ]] || clang=clang
  echo "$clang"
}

require_python() {
  command -v python3 >/dev/null || fail "Python 3.11 or newer is missing: install python3"
}

# Sets python to the one that the variable called $1 names, or else to that of the folder $2, an
# environment made from $3. It must import the modules $4, which people call $5.
set_python() {
  local variable=$1 folder=$2 requirements=$3 modules=$4 called=$5
  python=${!variable:-$folder/bin/python}
  if [[ -z ${!variable:-} ]] && ! cmp -s "$requirements" "$folder/requirements.txt"; then
    require_python
    step "Making $folder/: $called"
    python3 -m venv "$folder" ||
      fail "No Python environment could be made: install python3-venv"
    "$folder/bin/pip" install --quiet --requirement "$requirements"
    cp "$requirements" "$folder/requirements.txt"
  fi
  "$python" -c "import $modules" ||
    fail "$python has no $called${!variable:+ (it is what $variable names)}"
}

# OpenBLAS to build against and gnuplot to draw with. gnuplot-nox brings a sans font of its own. Further
# Debian packages may be named.
install_packages() {
  if [[ $(uname) == Darwin ]]; then
    # Homebrew links OpenBLAS nowhere, because macOS has a BLAS of its own.
    if command -v brew >/dev/null; then
      PKG_CONFIG_PATH=$(brew --prefix openblas)/lib/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
      export PKG_CONFIG_PATH
    fi
    if ! pkg-config --exists openblas 2>/dev/null || ! command -v gnuplot >/dev/null; then
      fail "Missing OpenBLAS, pkg-config or gnuplot: run brew install openblas pkgconf gnuplot"
    fi
    return
  fi
  if ! is_debian && pkg-config --exists openblas 2>/dev/null && command -v gnuplot >/dev/null; then
    return
  fi
  require_debian "install OpenBLAS, pkg-config (must find openblas) and gnuplot"

  local missing=()
  is_installed libopenblas-dev || missing+=(libopenblas-dev)
  command -v pkg-config >/dev/null || missing+=(pkg-config)
  command -v gnuplot >/dev/null || missing+=(gnuplot-nox)
  local package
  for package in "$@"; do
    is_installed "$package" || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0

  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo >/dev/null ||
      fail "Missing ${missing[*]}: as root, run apt-get install ${missing[*]}"
    as_root=(sudo)
  fi

  local list="${missing[*]}"
  step "Installing ${list// /, } …"
  as_root+=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  "${as_root[@]}" update
  "${as_root[@]}" install -y --no-install-recommends "${missing[@]}" >/dev/null
}

is_installed() {
  [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}
