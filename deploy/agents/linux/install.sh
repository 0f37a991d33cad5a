#!/bin/sh
# Makes this server ask Sallyport before each logon by xrdp or SSH. Run as root; docs/operations/xrdp.md tells more.
set -euf
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

usage() {
  cat <<'EOF'
usage: install.sh --gateway URL [--gateway URL …] --server NAME --token-file FILE [options]

  --gateway URL       an address of the gateway, https://…; several are asked in turn
  --server NAME       this server, as its API token and the application in the gateway call it
  --token-file FILE   holds the API token; - reads it from standard input
  --ca FILE           PEM certificates of the authority of the gateway, where the system doesn't know it
  --domain NAME       the directory that the users of this server come from
  --break-glass LIST  accounts that are never asked about, separated by spaces (default: root)
  --service NAME      xrdp-sesman or sshd; may be given twice (default: those that this server has)
  --observe           refuse nobody, only log what would be refused
  --force             install although the gateway doesn't answer: then nobody gets in but break-glass accounts
  --dry-run           tell what would be done, and do nothing
  --root DIR          install below DIR instead of /
EOF
}
fail() {
  echo "install.sh: $1" >&2
  exit 1
}

gateways='' server='' token_from='' ca='' domain='' break_glass=root services='' mode=enforce force='' dry='' root=''
while [ $# -gt 0 ]; do
  case $1 in
    --observe) mode=observe ;;
    --force) force=yes ;;
    --dry-run) dry=yes ;;
    -h | --help) usage && exit 0 ;;
    --gateway | --server | --token-file | --ca | --domain | --break-glass | --service | --root)
      [ $# -ge 2 ] || fail "$1 needs a value"
      case $2 in *[[:cntrl:]]*) fail "$1 has control characters" ;; esac
      case $1 in
        --gateway) gateways="${gateways:+$gateways }$2" ;;
        --server) server=$2 ;;
        --token-file) token_from=$2 ;;
        --ca) ca=$2 ;;
        --domain) domain=$2 ;;
        --break-glass) break_glass=$2 ;;
        --service) services="${services:+$services }$2" ;;
        --root) root=${2%/} ;;
      esac
      shift
      ;;
    *) usage >&2 && fail "unknown option $1" ;;
  esac
  shift
done
[ -n "$gateways" ] || { usage >&2 && fail 'name a gateway'; }
[ -n "$server" ] || fail 'name this server'
[ -n "$token_from" ] || fail 'name the file with the API token'
for each in $gateways; do case $each in https://?*) ;; *) fail "$each is no https:// address" ;; esac; done
if [ -z "$services" ]; then
  for each in xrdp-sesman sshd; do [ ! -f "$root/etc/pam.d/$each" ] || services="${services:+$services }$each"; done
fi
[ -n "$services" ] || fail 'neither xrdp nor sshd is installed here'
for each in $services; do
  case $each in xrdp-sesman | sshd) ;; *) fail "--service is xrdp-sesman or sshd, not $each" ;; esac
  [ -f "$root/etc/pam.d/$each" ] || fail "$root/etc/pam.d/$each is missing"
done
for each in curl sed awk timeout pgrep logger stat; do
  command -v "$each" >/dev/null || fail "$each is missing: on Debian, apt-get install curl procps bsdutils"
done
[ -z "$ca" ] || [ -f "$ca" ] || fail "$ca is missing"
if [ "$token_from" = - ]; then IFS= read -r token || :; else IFS= read -r token <"$token_from" || :; fi
case $token in spt_*[!A-Za-z0-9_-]* | '') fail 'that is no API token' ;; spt_*) ;; *) fail 'that is no API token' ;; esac
[ -n "$dry" ] || [ "$(id -u)" = 0 ] || fail 'run it as root'

source=$(cd "$(dirname "$0")" && pwd)
agent=/usr/local/lib/sallyport/logon-agent
folder=/etc/sallyport
config() {
  cat <<EOF
# What logon-agent asks, and as whom. Read line by line, never run.
gateways = $gateways
server = $server
token_file = $folder/agent.token
break_glass = $break_glass
mode = $mode
EOF
  [ -z "$ca" ] || echo "ca_file = $folder/agent-ca.pem"
  [ -z "$domain" ] || echo "domain = $domain"
}

# The service's file with our lines before the first account rule that lets people in; older lines of ours go first.
with_agent() { # file
  sed '/^# sallyport: begin$/,/^# sallyport: end$/d' "$1" | awk -v agent="$agent" '
    function add() {
      print "# sallyport: begin"
      print "account required pam_exec.so quiet " agent
      print "# sallyport: end"
      done = 1
    }
    { lines[NR] = $0 }
    /^[ \t]*@include[ \t]+common-account/ && !at { at = NR }
    # What may end the phase with a yes would go past a line below it.
    /^[ \t]*-?account[ \t]+(sufficient|\[)/ && !at { at = NR }
    /^[ \t]*-?account[ \t]/ && !first { first = NR }
    END {
      if (!at) at = first
      for (i = 1; i <= NR; i++) {
        if (i == at) add()
        print lines[i]
      }
      if (!done) exit 1
    }'
}

if [ -n "$dry" ]; then
  echo "would write $root$agent"
  echo "would write $root$folder/agent.token (0600)"
  [ -z "$ca" ] || echo "would write $root$folder/agent-ca.pem"
  echo "would write $root$folder/agent.conf:"
  config | sed 's/^/    /'
  for each in $services; do
    echo "would change $root/etc/pam.d/$each:"
    with_agent "$root/etc/pam.d/$each" | diff "$root/etc/pam.d/$each" - | sed 's/^/    /' || :
  done
  exit 0
fi

put() { # target, mode: from standard input, in one step
  temporary=$(mktemp "$(dirname "$1")/.sallyport.XXXXXX")
  cat >"$temporary"
  chmod "$2" "$temporary"
  chown 0:0 "$temporary"
  mv -f "$temporary" "$1"
}
mkdir -p "$root$(dirname "$agent")" "$root$folder"
put "$root$agent" 0755 <"$source/logon-agent"
printf '%s\n' "$token" | put "$root$folder/agent.token" 0600
[ -z "$ca" ] || put "$root$folder/agent-ca.pem" 0644 <"$ca"
config | put "$root$folder/agent.conf" 0644

# Before anything depends on it. Whatever the answer, it must be one.
if [ -z "$root" ]; then
  said=$("$agent" --config /etc/sallyport/agent.conf --dry-run sallyport-installation 2>&1) || :
  case $said in
    *': unknown-user' | *': ambiguous-user' | *': directory-unavailable') echo "The gateway answers." ;;
    *)
      echo "$said" >&2
      [ -n "$force" ] || fail 'the gateway does not answer as it should; nothing of PAM was changed (--force does it anyway)'
      ;;
  esac
fi
for each in $services; do
  file=$root/etc/pam.d/$each
  with_agent "$file" >"$file.sallyport-new" || { rm -f "$file.sallyport-new" && fail "$file has no account rule"; }
  put "$file" "$(stat -c %a "$file")" <"$file.sallyport-new"
  rm -f "$file.sallyport-new"
  echo "$each asks from its next logon on."
done
[ "$mode" = enforce ] || echo 'Nobody is refused: mode is observe. Put enforce into agent.conf when the log is as it should be.'
