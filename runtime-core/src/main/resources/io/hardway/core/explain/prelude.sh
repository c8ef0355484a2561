# bash, since descriptors above 9 are needed.
[ -n "${BASH_VERSION-}" ] || exec bash "$0" "$@"
set -eu -o pipefail -o allexport
umask 022
T=/proc/self/fd/${tools-}

die() { printf '%s\n' "$*" >&2; exit 125; }

# Copies of the host's programs in a file system that only a descriptor leads to: they work in any root and namespace.
make_tools() {
  local name file where
  [ "$(id -u)" = 0 ] || die "this script must be run as root"
  for name in bash unshare nsenter setpriv env mount umount mkdir chown prlimit pivot_root ip mknod hostname; do
    command -v "$name" > /dev/null || die "the program $name is missing: install bash, util-linux, coreutils and iproute2"
  done
  where=$(mktemp -d)
  mount -t tmpfs -o mode=755,nosuid,nodev tools "$where"
  exec {tools}< "$where"
  umount -l "$where"
  rmdir "$where"
  T=/proc/self/fd/$tools
  for name in bash unshare nsenter setpriv env mount umount mkdir chown prlimit; do
    file=$(command -v "$name")
    cp -L "$file" "$T/$name"
    ldd "$file" | sed -n 's/^[^/]*\(\/[^ ]*\) (.*/\1/p' | while read -r file; do
      case $file in
        */ld-linux*|*/ld-musl*|*/ld64*) cp -L "$file" "$T/ld.so" ;;
        *) cp -L "$file" "$T/" ;;
      esac
    done
  done
  cp "$0" "$T/script"
  chmod -R a+rX,go-w "$T/"
}

tool() { "$T/ld.so" --library-path "$T" "$T/$1" "${@:2}"; }

# Goes on in another stage of this script, as the same process, by a program that changes what it sees.
again() { exec "$T/ld.so" --library-path "$T" "$T/$2" "${@:3}" -- "$T/ld.so" --library-path "$T" "$T/bash" "$T/script" "$1"; }

# Where the root has changed, programs of the host are run by their descriptor.
by_tools() {
  mount() { tool mount "$@"; }
  umount() { tool umount "$@"; }
  mkdir() { tool mkdir "$@"; }
  chown() { tool chown "$@"; }
  prlimit() { tool prlimit "$@"; }
}

# Two fifos without names: who holds the baton goes on.
make_batons() {
  local where
  where=$(mktemp -d)
  mkfifo "$where/go" "$where/back"
  exec {go}<> "$where/go" {back}<> "$where/back"
  rm -r "$where"
}

await_baton() {
  until read -r -t 0.1 _ <&"$back"; do
    kill -0 "$keeper" 2> /dev/null || die "the container's process has ended too early"
  done
}

# The process that unshare or nsenter has made.
find_child() {
  until pid=$(cat "/proc/$keeper/task/$keeper/children" 2> /dev/null) && pid=${pid%% *} && [ -n "$pid" ]; do
    kill -0 "$keeper" 2> /dev/null || die "the container's process could not be made"
    sleep 0.01
  done
  start_of "$pid"
}

start_of() { start=$(sed 's/.*) //' "/proc/$1/stat" 2> /dev/null | cut -d' ' -f20); }

# Sends a signal to the process of an identity file, if that is still the same process.
kill_process() {
  local pid begun start
  [ -e "$2" ] && read -r pid begun _ < "$2" || return 0
  start_of "$pid" || return 0
  [ "$start" != "$begun" ] || kill "-$1" "$pid" 2> /dev/null || :
}

# Waits up to that many seconds (0: as long as it takes) until it is gone.
await_end() {
  local pid begun start until=$((SECONDS + $1))
  [ -e "$2" ] && read -r pid begun _ < "$2" || return 0
  while start_of "$pid" && [ "$start" = "$begun" ]; do
    case $(sed 's/.*) //' "/proc/$pid/stat" 2> /dev/null) in Z*) return 0 ;; esac
    [ "$1" = 0 ] || [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.05
  done
}

# Kills every process of these groups and of those below, until there are none.
kill_groups() {
  local group pids tries=0
  for group; do
    [ -d "$group" ] || continue
    if [ -e "$group/cgroup.kill" ]; then echo 1 > "$group/cgroup.kill"; fi
    while pids=$(find "$group" -name cgroup.procs -exec cat {} + 2> /dev/null) && [ -n "$pids" ] && [ "$tries" -lt 200 ]; do
      kill -KILL $pids 2> /dev/null || :
      if [ -e "$group/freezer.state" ]; then echo THAWED > "$group/freezer.state"; fi
      tries=$((tries + 1))
      sleep 0.05
    done
  done
}

# Removes a group and those below, as soon as the kernel lets go of them.
remove_group() {
  local tries=0
  while [ -d "$1" ] && [ "$tries" -lt 200 ]; do
    find "$1" -depth -type d -exec rmdir {} + 2> /dev/null || :
    [ ! -d "$1" ] || sleep 0.05
    tries=$((tries + 1))
  done
}

# Waits until nobody holds a lock on a file.
await_unlocked() {
  local inode
  while inode=$(stat -c %i "$1" 2> /dev/null) && grep -q ":$inode 0 EOF" /proc/locks; do sleep 0.05; done
}

# USER[:GROUP] and further groups by the passwd and group files of a root: sets user_id, group_id, group_list and home.
resolve_user() {
  local root=$1 user=${2%%:*} group= name line_uid line_gid members line_home wanted
  case $2 in *:*) group=${2#*:} ;; esac
  shift 2
  user=${user:-0} user_id= group_id=0 group_list= user_home=/
  local user_name=
  case $user in *[!0-9]*) ;; *) user_id=$user ;; esac
  if [ -f "$root/etc/passwd" ]; then
    while IFS=: read -r name _ line_uid line_gid _ line_home _; do
      if [ "${user_id:+number}" = number ] && [ "$line_uid" = "$user_id" ] || { [ -z "$user_id" ] && [ "$name" = "$user" ]; }; then
        user_id=$line_uid group_id=$line_gid user_name=$name user_home=${line_home:-/}
        break
      fi
    done < "$root/etc/passwd"
  fi
  [ -n "$user_id" ] || die "the container's /etc/passwd has no user $user"
  for wanted; do add_group "$root" "$wanted"; done
  if [ -n "$group" ]; then
    group_id=$(group_number "$root" "$group")
  elif [ -n "$user_name" ] && [ -f "$root/etc/group" ]; then
    while IFS=: read -r name _ line_gid members; do
      case ",$members," in *",$user_name,"*) group_list=$group_list${group_list:+,}$line_gid ;; esac
    done < "$root/etc/group"
  fi
}

group_number() {
  local name number
  case $2 in *[!0-9]*) ;; *) printf %s "$2"; return ;; esac
  while IFS=: read -r name _ number _; do
    if [ "$name" = "$2" ]; then printf %s "$number"; return; fi
  done < "$1/etc/group"
  die "the container's /etc/group has no group $2"
}

add_group() {
  local number
  number=$(group_number "$1" "$2")
  case ",$group_list," in *",$number,"*) ;; *) group_list=$group_list${group_list:+,}$number ;; esac
}

# Makes a directory and those above it for an owner, whatever the umask.
make_directory() {
  [ ! -d "$1" ] || return 0
  case $1 in /*/*) make_directory "${1%/*}" "$2" ;; esac
  mkdir -m 755 -- "$1"
  chown "$2" -- "$1"
}

# Closes the descriptors from that number on; bash closes its own by itself.
close_from() {
  local fd
  for fd in /proc/self/fd/*; do
    fd=${fd##*/}
    if [ "$fd" -ge "$1" ] && [ "$fd" != 255 ]; then exec {fd}>&-; fi
  done
}
