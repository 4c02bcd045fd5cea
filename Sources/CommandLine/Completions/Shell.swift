/// A shell for which there are completions.
package enum Shell: String, CaseIterable, Sendable {
  case bash
  case zsh
  case fish

  /// The script that the shell reads. On every completion it runs `unroll completions SHELL -- WORDS`,
  /// so that it never has to be made anew for another version of the program.
  package var script: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }
}

// What the program answers begins with a line of `words`, and `files` or `folders` where the shell is
// to offer those as well. Each further line is a text, and behind a tab what it is.
extension Shell {
  // Works in bash 3.2, which macOS has. bash splits words at = and :, and replaces only what is behind
  // the last of these.
  private static let bashScript = #"""
    # bash completion for unroll, made by unroll completions bash

    _unroll() {
      local -a words
      local rest=${COMP_LINE:0:COMP_POINT} trimmed word breaks="" start="" n=-1 i
      for ((i = 0; i <= COMP_CWORD; i++)); do
        trimmed=${rest#"${rest%%[![:space:]]*}"}
        if [[ $n -lt 0 || $trimmed != "$rest" ]]; then
          n=$((n + 1))
          words[n]=""
        fi
        word=${COMP_WORDS[i]}
        [[ $trimmed == "$word"* ]] || word=$trimmed
        words[n]+=$word
        rest=${trimmed#"$word"}
      done
      word=${words[n]}
      [[ $COMP_WORDBREAKS == *=* ]] && breaks+="="
      [[ $COMP_WORDBREAKS == *:* ]] && breaks+=":"
      [[ -n $breaks && $word == *[$breaks]* ]] && start=${word%"${word##*[$breaks]}"}

      local header="" text summary
      COMPREPLY=()
      {
        read -r header
        while IFS=$'\t' read -r text summary; do
          COMPREPLY+=("${text#"$start"}")
          [[ $text != *[=/:,] ]] || compopt -o nospace 2>/dev/null
        done
      } < <(
        case ${words[0]} in
          # Through eval, because unroll may be an alias.
          unroll) eval 'unroll completions bash -- "${words[@]:1}"' ;;
          *) "${words[0]/#~\//$HOME/}" completions bash -- "${words[@]:1}" ;;
        esac 2>/dev/null
      )
      case $header in
        *files*) _unroll_paths -f "${word#"$start"}" ;;
        *folders*) _unroll_paths -d "${word#"$start"}" ;;
      esac
    }

    # Adds names on disk; bash itself marks folders and quotes what has to be.
    _unroll_paths() {
      compopt -o filenames 2>/dev/null
      local path
      while IFS= read -r path; do
        COMPREPLY+=("$path")
      done < <(compgen "$1" -- "$2")
    }

    complete -F _unroll unroll
    """#

  private static let zshScript = #"""
    #compdef unroll
    # zsh completion for unroll, made by unroll completions zsh

    _unroll() {
      local -a lines whole parts
      local line text entry
      local -i ret=1
      lines=("${(@f)$(_call_program unroll "$words[1]" completions zsh -- \
        "${(@q)${(@Q)words[2,CURRENT-1]}}" "${(q)${(Q)${:-$IPREFIX$PREFIX}}}")}")
      for line in "${(@)lines[2,-1]}"; do
        text=${line%%$'\t'*}
        entry=${text//:/\\:}
        [[ $line != *$'\t'?* ]] || entry+=:${line#*$'\t'}
        if [[ $text == *[=/:,] ]]; then
          parts+=("$entry")
        else
          whole+=("$entry")
        fi
      done
      _describe -V unroll whole -- parts -S '' && ret=0
      if [[ $lines[1] == *(files|folders)* ]]; then
        compset -P '--[^=]##='
        if [[ $lines[1] == *files* ]]; then _files; else _files -/; fi && ret=0
      fi
      return ret
    }

    if [[ $funcstack[1] == _unroll ]]; then
      _unroll "$@"
    else
      compdef _unroll unroll
    fi
    """#

  private static let fishScript = #"""
    # fish completion for unroll, made by unroll completions fish

    function __unroll_complete
        set -l words (commandline -opc)
        set -l last (commandline -ct)
        set -l program (string replace -r '^~/' "$HOME/" -- $words[1])
        set -l lines ($program completions fish -- $words[2..-1] "$last" 2>/dev/null)
        if set -q lines[2]
            printf '%s\n' $lines[2..-1]
        end
        set -l option (string match -r -- '^--[^=]*=' "$last")
        set -l path (string replace -r -- '^--[^=]*=' '' "$last")
        switch "$lines[1]"
            case '*files'
                __fish_complete_path "$path" | string replace -r '^' -- "$option"
            case '*folders'
                __fish_complete_directories "$path" folder | string replace -r '^' -- "$option"
        end
    end

    complete -c unroll -f -a '(__unroll_complete)'
    """#
}
