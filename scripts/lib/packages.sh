# Which Debian packages runwalk needs, and how they get there. Sourced by the scripts beside it.
# shellcheck shell=bash disable=SC2034

# To build runwalk, and to hear it: the ALSA plugin reaches PulseAudio and PipeWire alike,
# and espeak-ng speaks the words that no recorded clip has.
RUN_PACKAGES=(
    build-essential cmake ninja-build pkg-config
    portaudio19-dev libsndfile1-dev libsoxr-dev libebur128-dev
    libyaml-dev libuv1-dev libjansson-dev libpulse-dev libsystemd-dev libsqlite3-dev
    libasound2-plugins espeak-ng
)

# To test it: checks of the source, a private sound server, recogniser and SSH server, a browser.
TEST_PACKAGES=(
    libcmocka-dev libicu-dev
    clang clang-format clang-tidy cppcheck shellcheck
    pulseaudio pulseaudio-utils pocketsphinx pocketsphinx-en-us
    sox opus-tools python3 python3-numpy socat openssh-server openssh-client systemd
    dbus-daemon python3-dbus python3-dbusmock libpipewire-0.3-0 gpsbabel
    chromium
)

# Sound servers that would displace the one in use, or that cannot be installed beside PulseAudio:
# they are run from where they are unpacked.
UNPACKED_PACKAGES=(
    pipewire pipewire-bin libpipewire-0.3-modules pipewire-pulse pipewire-alsa
    wireplumber libwireplumber-0.4-0 liblua5.3-0
    jackd2
)

# What the bench compares with; its own tests need them, too.
BENCH_PACKAGES=(mpd mpc mpv sox ffmpeg alsa-utils)

# Prints those of the named packages that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
            printf '%s\n' "$package"
    done
}

# install_packages WHAT-FOR PACKAGE...: installs what is missing, asking nothing, removing nothing.
install_packages() {
    local purpose=$1 missing
    shift
    if ! command -v dpkg-query >/dev/null; then
        echo "This is no Debian system: nothing is installed. $purpose needs what Debian calls:" "$@"
        return 0
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]})) || return 0
    echo "Installing for $purpose:" "${missing[@]}"

    local as_root=()
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            echo "That takes root. Run this first, then try again:" >&2
            echo "  su -c 'apt-get install --no-install-recommends ${missing[*]}'" >&2
            return 1
        fi
        as_root=(sudo)
    fi
    # What is wanted is the program, not a service that listens on this machine.
    local package units
    for package in openssh-server:ssh mpd:mpd; do
        units=("${package#*:}.service" "${package#*:}.socket")
        if [[ " ${missing[*]} " == *" ${package%:*} "* && -d /run/systemd/system ]]; then
            echo "${units[0]} is masked, so that it does not start ('systemctl unmask' ends that)."
            "${as_root[@]}" systemctl mask "${units[@]}"
        fi
    done
    local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get
        -q -y -o DPkg::Lock::Timeout=300)
    # Lists may be absent or old; offline, what is in the cache may still be enough.
    "${apt[@]}" update || echo "The package lists could not be renewed; trying with those at hand."
    if ! "${apt[@]}" install --no-install-recommends --no-remove "${missing[@]}" </dev/null; then
        echo "The packages could not be installed; the lines above say why." >&2
        echo "(Nothing that is installed would have been removed: if that was the reason," >&2
        echo "use another machine or a container.)" >&2
        return 1
    fi
}

# unpack_packages WHAT-FOR FOLDER PACKAGE...: downloads the packages and unpacks them into
# FOLDER/root, unless that has been done with these versions. Nothing is installed or configured.
unpack_packages() {
    local purpose=$1 folder=$2 wanted
    shift 2
    command -v dpkg-deb >/dev/null && command -v apt-get >/dev/null || return 0
    wanted=$(apt-get -q download --print-uris "$@" 2>/dev/null | cut -d' ' -f2 | sort) || wanted=
    if [[ -e $folder/versions && (-z $wanted || $wanted == "$(<"$folder/versions")") ]]; then
        return 0
    fi
    echo "Unpacking for $purpose, into $folder:" "$@"
    rm -rf "$folder"
    mkdir -p "$folder/packages" "$folder/root"
    # As root, apt would like to become another user, who may not write here.
    if ! (cd "$folder/packages" && apt-get -q -o APT::Sandbox::User=root download "$@"); then
        echo "The packages could not be downloaded; the lines above say why." >&2
        echo "(If there are no package lists yet: run 'apt-get update' as root, then try again.)" >&2
        return 1
    fi
    for wanted in "$folder"/packages/*.deb; do
        dpkg-deb -x "$wanted" "$folder/root" || return 1
    done
    apt-get -q download --print-uris "$@" | cut -d' ' -f2 | sort >"$folder/versions"
}
