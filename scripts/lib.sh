# Shared by the scripts beside it: `. scripts/lib.sh` after changing to the project's root. POSIX sh.
# Sets ROOT, DATA (the data directory), PYTHON (the environment's interpreter), and the functions below.

ROOT=$(pwd -P)
PYTHON=$ROOT/.venv/bin/python
DATA=${JOBBOOK_DATA_DIR:-$ROOT/var}
case $DATA in /*) ;; *) DATA=$ROOT/$DATA ;; esac
export JOBBOOK_DATA_DIR="$DATA"
unset PYTHONDONTWRITEBYTECODE # else each of the many processes that tests and servers start compiles all of Django anew

# Homebrew keeps Pango where the dynamic loader does not look.
if [ "$(uname -s)" = Darwin ]; then
    export DYLD_FALLBACK_LIBRARY_PATH="${DYLD_FALLBACK_LIBRARY_PATH:+$DYLD_FALLBACK_LIBRARY_PATH:}/opt/homebrew/lib:/usr/local/lib:/usr/lib"
fi

say() {
    printf '%s\n' "$*"
}

fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# apt_install PACKAGE...: true when they are installed afterwards. Never asks for a password.
apt_install() {
    have apt-get || return 1
    if [ "$(id -u)" = 0 ]; then
        as_root='env'
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root='sudo -n env'
    else
        return 1
    fi
    if [ -z "${APT_UPDATED:-}" ]; then
        say "Reading the lists of system packages ..."
        $as_root DEBIAN_FRONTEND=noninteractive apt-get update -qq >/dev/null </dev/null || return 1
        APT_UPDATED=1
    fi
    say "Installing system packages: $*"
    $as_root DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null </dev/null
}

# need_packages COMMAND_HINT PACKAGE...: install them, or stop and name the exact command.
need_packages() {
    need=$1
    shift
    apt_install "$@" && return 0
    if have apt-get; then
        fail "$need. Run:  sudo apt-get update && sudo apt-get install -y $*"
    elif have brew; then
        fail "$need. Run:  brew install python@3.13 pango"
    fi
    fail "$need. Install with your system's package manager what Debian calls: $*"
}

# The first free checksum tool would differ between systems; cksum is everywhere.
checksum() {
    cksum | tr -s ' ' '-'
}
