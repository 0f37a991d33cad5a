#!/bin/sh
# Takes the logon agent away again: PAM first, so that nothing asks for what is gone. Run as root.
set -euf
LC_ALL=C
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 022

dry='' root=''
while [ $# -gt 0 ]; do
  case $1 in
    --dry-run) dry=yes ;;
    --root) root=${2%/} && shift ;;
    *) echo 'usage: uninstall.sh [--dry-run] [--root DIR]' >&2 && exit 2 ;;
  esac
  shift
done
[ -n "$dry" ] || [ "$(id -u)" = 0 ] || { echo 'uninstall.sh: run it as root' >&2 && exit 1; }

for each in xrdp-sesman sshd; do
  file=$root/etc/pam.d/$each
  [ -f "$file" ] && grep -q '^# sallyport: begin$' "$file" || continue
  if [ -n "$dry" ]; then
    echo "would take its lines out of $file"
    continue
  fi
  temporary=$(mktemp "$(dirname "$file")/.sallyport.XXXXXX")
  sed '/^# sallyport: begin$/,/^# sallyport: end$/d' "$file" >"$temporary"
  chmod "$(stat -c %a "$file")" "$temporary"
  chown 0:0 "$temporary"
  mv -f "$temporary" "$file"
  echo "$each asks no more."
done
for each in /usr/local/lib/sallyport/logon-agent /etc/sallyport/agent.conf /etc/sallyport/agent.token /etc/sallyport/agent-ca.pem; do
  [ -e "$root$each" ] || continue
  if [ -n "$dry" ]; then echo "would remove $root$each"; else rm -f "$root$each"; fi
done
[ -n "$dry" ] || rmdir "$root/usr/local/lib/sallyport" "$root/etc/sallyport" 2>/dev/null || :
