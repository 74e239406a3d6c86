# Completion of devshm for bash, 4.4 or newer: eval "$(devshm completion bash)"

_devshm() {
  local rest=${COMP_LINE:0:COMP_POINT} piece i
  local -a words=() starts=() found=()
  # Bash also splits words at "=", ":" and "@", which devshm does not.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=${COMP_WORDS[i]}
    if ((i == 0)) || [[ $rest == [[:space:]]* ]]; then
      rest=${rest#"${rest%%[![:space:]]*}"}
      words+=('')
      starts+=("$i")
    fi
    ((i < COMP_CWORD)) || piece=$rest
    words[-1]+=$piece
    rest=${rest#"$piece"}
  done

  # Bash replaces only the end of the word, and says which in $2.
  local word=${words[-1]} before=${words[-1]%"$2"}

  local -a lines=()
  mapfile -t lines < <(devshm __complete -- "${words[@]:1}" 2>/dev/null)
  case ${lines[0]-} in
    ':command '*)
      local at=${lines[0]#:command }
      if declare -F _command_offset >/dev/null; then
        _command_offset "${starts[at + 1]}"
        return
      fi
      compopt -o filenames
      if ((at + 2 == ${#words[@]})); then mapfile -t COMPREPLY < <(compgen -c -- "$word"); fi
      ((${#COMPREPLY[@]})) || mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    :files)
      local option=''
      [[ $word != --*=* ]] || option=${word%%=*}=
      compopt -o filenames
      mapfile -t found < <(compgen -f -- "${word#"$option"}")
      COMPREPLY=("${found[@]#"${before#"$option"}"}")
      ;;
    *)
      for i in "${!lines[@]}"; do
        printf -v "found[i]" '%q' "${lines[i]%%$'\t'*}"
      done
      COMPREPLY=("${found[@]#"$before"}")
      ;;
  esac
}

complete -o nosort -F _devshm devshm
