#compdef devshm
# Completion of devshm for zsh: eval "$(devshm completion zsh)" after compinit, or as _devshm in a folder of $fpath

_devshm() {
  local -a lines described
  local line option at
  lines=("${(@f)$(devshm __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  case $lines[1] in
    ':command '*)
      at=${lines[1]#:command }
      shift $((at + 1)) words
      (( CURRENT -= at + 1 ))
      _normal
      ;;
    :files)
      [[ $PREFIX != --*=* ]] || compset -P 1 '*='
      _files
      ;;
    ?*)
      for line in $lines; do
        # A colon would end the value.
        described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
      done
      _describe -V -t values value described
      ;;
    *)
      return 1
      ;;
  esac
}

# As a file in $fpath this is the body of the function itself, at its first call.
if [[ $funcstack[1] == _devshm ]]; then
  _devshm "$@"
else
  compdef _devshm devshm
fi
