#!/bin/bash
# Stands in for sudo where setup scripts are run on a machine that is no compute instance. Nobody
# gets anybody's rights: everything runs as who runs this, and only the surroundings are those that
# sudo would give (sudo(8): the environment is begun anew, and with -i a login shell starts in the
# user's home). It is copied into a folder bin/; root/ and home/azureuser/ lie beside that.
set -u

commands="$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
place="${commands%/*}"

refuse() {
    echo "sudo: $1" >&2
    exit 1
}

user=root
login=
shell=
keep=
assignments=()
while (($#)); do
    case "$1" in
        --user=*) user="${1#--user=}" ;;
        --user)
            (($# > 1)) || refuse "option requires an argument -- 'user'"
            user="$2"
            shift
            ;;
        --login) login=yes ;;
        --shell) shell=yes ;;
        --preserve-env | --preserve-env=*) keep=yes ;;
        --set-home | --non-interactive | --stdin) ;;
        --)
            shift
            break
            ;;
        --*) refuse "the stand-in of a dry run does not know the option $1" ;;
        -?*)
            letters="${1#-}"
            while [[ -n "$letters" ]]; do
                letter="${letters:0:1}"
                letters="${letters:1}"
                case "$letter" in
                    i) login=yes ;;
                    s) shell=yes ;;
                    E) keep=yes ;;
                    H | n | S | b | k) ;;
                    v | l | K) exit 0 ;;
                    u)
                        if [[ -z "$letters" ]]; then
                            (($# > 1)) || refuse "option requires an argument -- 'u'"
                            shift
                            letters="$1"
                        fi
                        user="$letters"
                        letters=
                        ;;
                    *) refuse "the stand-in of a dry run does not know the option -$letter" ;;
                esac
            done
            ;;
        [A-Za-z_]*=*) assignments+=("$1") ;;
        *) break ;;
    esac
    shift
done

case "$user" in
    root) home="$place/root" ;;
    azureuser) home="$place/home/azureuser" ;;
    "$(id -un 2>/dev/null)") home="$place/root" ;;
    *) refuse "unknown user $user" ;;
esac
[[ $# -gt 0 || -n "$login" || -n "$shell" ]] || refuse "a command is needed, or -i, or -s"

plain="$commands:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
begin=(env)
if [[ -z "$keep" || -n "$login" ]]; then
    begin+=(-i "TERM=${TERM:-dumb}" "LANG=${LANG:-C.UTF-8}" "PATH=$plain")
    [[ -z "${LC_ALL:-}" ]] || begin+=("LC_ALL=$LC_ALL")
fi
begin+=("HOME=$home" "USER=$user" "LOGNAME=$user" SHELL=/bin/bash)
begin+=(SUDO_USER=root ${assignments[@]+"${assignments[@]}"})

# sudo hands a command to the shell as one line, with a backslash before all but these characters.
line=
if [[ -n "$login" || -n "$shell" ]]; then
    for word in "$@"; do
        for ((at = 0; at < ${#word}; at++)); do
            character="${word:at:1}"
            [[ "$character" =~ [A-Za-z0-9_\$-] ]] || line+="\\"
            line+="$character"
        done
        line+=" "
    done
fi

if [[ -n "$login" ]]; then
    cd -- "$home" || exit 1
    # A profile sets PATH anew: what is read after it puts this stand-in back.
    after="$commands/after-profile.sh"
    # shellcheck disable=SC2016  # it is expanded where that is read
    [[ -e "$after" ]] || printf 'PATH=%q:"$PATH"\nunset BASH_ENV\n' "$commands" >"$after"
    begin+=("BASH_ENV=$after")
    (($#)) || exec "${begin[@]}" bash --login
    exec "${begin[@]}" bash --login -c "$line"
fi
if [[ -n "$shell" ]]; then
    (($#)) || exec "${begin[@]}" bash
    exec "${begin[@]}" bash -c "$line"
fi
exec "${begin[@]}" "$@"
