#!/bin/sh
# Stands in for a program of macOS: checks its arguments, prints what the real one prints (manual pages, public
# examples), and has a tmpfs where the real one has a RAM disk. Called by the name of the program it stands for.
tool=${0##*/}
state=$STAND_IN_STATE
echo "$tool $*" >> "$state/calls"
wrong() { echo "stand-in $tool: unexpected arguments: $*" >&2; exit 64; }
if [ -e "$state/fail-$tool" ]; then cat "$state/fail-$tool" >&2; exit 1; fi

number() { case $1 in ''|*[!0-9]*) return 1 ;; esac; }
known() { [ -e "$state/${1#/dev/}" ]; }

case $tool in
hdiutil)
  case $1 in
  attach)
    [ $# = 3 ] && [ "$2" = -nomount ] && number "${3#ram://}" || wrong "$@"
    disk=4; while ! mkdir "$state/disk$disk" 2>/dev/null; do disk=$((disk + 1)); done
    echo "${3#ram://}" > "$state/disk$disk/sectors"
    printf '/dev/disk%s          \t         \t\n' "$disk" ;;
  info)
    [ $# = 1 ] || wrong "$@"
    printf 'framework       : 671.140.2\ndriver          : 671.140.2\n'
    echo '================================================'
    printf 'image-path      : /Users/ann/xcode.dmg\nblockcount      : 4096\n/dev/disk3\tGUID_partition_scheme\t\n/dev/disk3s1\tApple_HFS\t/Volumes/Xcode\n'
    for disk in "$state"/disk*; do
      [ -e "$disk" ] || continue
      echo '================================================'
      printf 'image-path      : ram://%s\n' "$(cat "$disk/sectors")"
      printf 'image-alias     : <null>\nshadow-path     : <none>\nimage-type      : ram-based image\nblockcount      : %s\nblocksize       : 512\nwriteable       : TRUE\n' "$(cat "$disk/sectors")"
      printf '/dev/%s\t\t%s\n' "${disk##*/}" "$(cat "$disk/path" 2>/dev/null)"
    done ;;
  detach)
    [ $# = 2 ] || wrong "$@"
    known "$2" || { echo "hdiutil: detach failed - No such file or directory" >&2; exit 1; }
    rm -r "$state/${2#/dev/}"
    echo "\"${2#/dev/}\" ejected." ;;
  *) wrong "$@" ;;
  esac ;;
newfs_hfs)
  [ $# = 9 ] && [ "$1$3$5$7" = -U-G-M-v ] && number "$2" && number "$4" && [ "$6" = 700 ] && known "$9" || wrong "$@"
  disk=$state/${9#/dev/}
  echo "$2" > "$disk/uid"; echo "$4" > "$disk/gid"; echo "$8" > "$disk/name"
  echo "Initialized /dev/r${9#/dev/} as a $(($(cat "$disk/sectors") / 2048)) MB case-insensitive HFS Plus volume" ;;
mount)
  if [ $# = 0 ]; then
    echo '/dev/disk1s1 on / (apfs, sealed, local, read-only, journaled)'
    echo 'map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)'
    for disk in "$state"/disk*; do
      [ -e "$disk/path" ] || continue
      echo "/dev/${disk##*/} on $(cat "$disk/path") (hfs, local, nodev, nosuid, noatime, nobrowse, mounted by ann)"
    done
    exit 0
  fi
  [ $# = 6 ] && [ "$1 $2 $3" = '-t hfs -o' ] && [ "$4" = nobrowse,noatime,nosuid,nodev ] && [ -d "$6" ] || wrong "$@"
  disk=$state/${5#/dev/}
  [ -e "$disk/name" ] || { echo "mount_hfs: Invalid argument" >&2; exit 71; }
  size=$(($(cat "$disk/sectors") * 512)) mode=${STAND_IN_MODE:-0700}
  /usr/bin/mount -t tmpfs -o "size=$size,mode=$mode,uid=$(cat "$disk/uid"),gid=$(cat "$disk/gid")" stand-in "$6" || exit 71
  echo "$6" > "$disk/path" ;;
umount)
  [ $# = 1 ] || wrong "$@"
  for disk in "$state"/disk*; do
    [ "$(cat "$disk/path" 2>/dev/null)" = "$1" ] || continue
    /usr/bin/umount "$1" 2>/dev/null || { echo "umount($1): Resource busy -- try 'diskutil unmount'" >&2; exit 1; }
    rm "$disk/path"
    exit 0
  done
  echo "umount: $1: not currently mounted" >&2; exit 1 ;;
diskutil)
  [ $# = 2 ] && [ "$1" = info ] || wrong "$@"
  disk=$state/${2#/dev/}
  [ -e "$disk" ] || { echo "Could not find disk: $2"; exit 1; }
  printf '   Device Identifier:         %s\n   Device Node:               %s\n   Whole:                     Yes\n\n' "${2#/dev/}" "$2"
  printf '   Volume Name:               %s\n   Mounted:                   Yes\n   Mount Point:               %s\n' "$(cat "$disk/name")" "$(cat "$disk/path" 2>/dev/null)" ;;
*) wrong "$@" ;;
esac
